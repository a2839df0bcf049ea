import { Document, isScalar, visit } from 'yaml'
import type { ExerciseFile } from '../../schemas/exercise.ts'
import type { modules } from '../../schemas/words.ts'
import { PlatformError } from '../../platform/errors.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { runScript, textOf } from '../python/scripts.ts'

/** Seconds for reading a file, with all that its tests do where there is a reference. */
const seconds = 30

/** A file of unit tests; what is not given is taken from the file. */
export interface UnitTests {
  source: string
  /** With it, it is known which results are plain data and which are objects. */
  reference?: string | undefined
  /** The name of the reference's file in the exercise. */
  referenceFile: string
  id?: string | undefined
  statement?: string | undefined
  module?: (typeof modules)[number] | undefined
}

/** What became of a file: the text of an exercise file, and what could not be said, by its line. */
export interface Imported {
  id: string
  text: string
  tests: number
  skipped: { line: number; message: string }[]
}

interface Read {
  module: string | null
  entry: string[]
  kind: 'function' | 'class'
  helpers: string
  title: string
  tests: ExerciseFile['tests']
  skipped: [number, string][]
}

/**
 * Turns a unittest or pytest file into an exercise. The file is read, and run as far as needed, in the trusted
 * interpreter of the sandbox. @throws INVALID_INPUT when it is no Python or holds no test that can be said
 */
export async function importTests(tests: UnitTests, sandbox: Sandbox): Promise<Imported> {
  const { source, reference, referenceFile, statement } = tests
  const output = await runScript('unittests', { source, reference }, sandbox, seconds)
  if (output === undefined)
    throw new PlatformError('INVALID_INPUT', 'the tests cannot be read as Python', {
      hint: 'learnflow tutor run FILE tells the line. A file that takes longer than 30 s is not read either.',
    })
  const { module, helpers, title, skipped, ...read } = JSON.parse(textOf(output)) as Read
  const faults = skipped.map(([line, message]) => ({ line, message }))
  if (read.tests.length === 0)
    throw new PlatformError('INVALID_INPUT', 'the file has no test that an exercise can say', {
      hint: faults.map(({ line, message }) => `line ${line}: ${message}`).join('; ') || 'It has no test function.',
    })
  const id = tests.id ?? idOf(module ?? title)
  const exercise = {
    id,
    title,
    version: 1,
    module: tests.module ?? 'basics',
    level: 'medium',
    kind: read.kind,
    concepts: ['imported tests'],
    statement: statement ?? `Write \`${read.entry.join('`, `')}\` so that the tests pass.\n`,
    entry: read.entry,
    ...(module === null ? {} : { import_as: module }),
    ...(helpers === '' ? {} : { helpers: `${helpers}\n` }),
    reference: referenceFile,
    tests: read.tests,
  }
  return { id, text: yamlOf(exercise), tests: read.tests.length, skipped: faults }
}

const idOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '') || 'imported'

/** Programs stand in blocks, as they would be written by hand. */
export function yamlOf(value: unknown): string {
  const document = new Document(value)
  visit(document, {
    Scalar(_key, node) {
      if (isScalar(node) && typeof node.value === 'string' && /\n./.test(node.value)) node.type = 'BLOCK_LITERAL'
    },
  })
  return document.toString({ lineWidth: 0 })
}
