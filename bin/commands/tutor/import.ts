import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { PlatformError } from '../../../platform/errors.ts'
import { modules } from '../../../schemas/words.ts'
import type { Problem } from '../../../schemas/positions.ts'
import { checkFile } from '../../../tutor/exercise/check.ts'
import { importTests } from '../../../tutor/exercise/import-tests.ts'
import { fileName } from '../../../tutor/exercise/parse-exercise.ts'
import { problemText } from './check.ts'
import { type Output, readProgram, report, withSandbox } from './io.ts'
import { counted } from '../../../schemas/counted.ts'

interface Options extends Output {
  reference?: string
  statement?: string
  module?: string
  id?: string
  out?: string
}

/** What was imported, and how the check of it ended; `checked` is absent without a reference. */
interface Result {
  path: string
  tests: number
  skipped: { line: number; message: string }[]
  checked?: { ok: boolean; problems: Problem[] }
}

/** Turns a unittest or pytest file into the folder of an exercise. */
export async function importFile(file: string, options: Options): Promise<void> {
  const module = modules.find(name => name === options.module)
  if (options.module !== undefined && module === undefined)
    throw new PlatformError('INVALID_INPUT', `there is no module ${options.module}`, {
      hint: `One of ${modules.join(', ')}.`,
    })
  const source = await readProgram(file)
  const program = options.reference ?? referenceBeside(file, source)
  const reference = program === undefined ? undefined : await readProgram(program)
  const result = await withSandbox(async (sandbox): Promise<Result> => {
    const imported = await importTests(
      {
        source,
        reference,
        referenceFile: 'reference.py',
        module,
        id: options.id,
        statement: await statementOf(file, options),
      },
      sandbox,
    )
    const folder = resolve(options.out ?? imported.id)
    const path = join(folder, fileName)
    if (existsSync(path))
      throw new PlatformError('INVALID_INPUT', `${path} is there already`, { hint: 'Give another folder with --out.' })
    await mkdir(folder, { recursive: true })
    await writeFile(path, imported.text)
    await writeFile(join(folder, 'reference.py'), reference ?? '# Write the right solution here.\n')
    const { tests, skipped } = imported
    if (reference === undefined) return { path, tests, skipped }
    const { ok, problems } = await checkFile(path, sandbox)
    return { path, tests, skipped, checked: { ok, problems } }
  })
  if (result.checked?.ok === false) process.exitCode = 1
  report(result, options, false, toText)
}

/** The usual names of a solution beside its tests. */
function referenceBeside(file: string, source: string): string | undefined {
  const imported = /^\s*(?:from|import)\s+(\w+)/gm
  const names = [...source.matchAll(imported)].map(([, name]) => `${name}.py`)
  const own = basename(file)
  return ['.meta/example.py', '.meta/exemplar.py', 'example.py', 'exemplar.py', 'solution.py', ...names]
    .filter(name => name !== own)
    .map(name => join(dirname(file), name))
    .find(path => existsSync(path))
}

async function statementOf(file: string, { statement }: Options): Promise<string | undefined> {
  if (statement !== undefined) return readFile(statement, 'utf8')
  const beside = ['.docs/instructions.md', 'instructions.md', 'README.md'].map(name => join(dirname(file), name))
  const found = beside.find(path => existsSync(path))
  return found === undefined ? undefined : readFile(found, 'utf8')
}

function toText({ path, tests, skipped, checked }: Result): string {
  return [
    `${path}: ${counted(tests, 'test')} imported, ${skipped.length} could not be`,
    ...skipped.map(({ line, message }) => `line ${line}: ${message}`),
    ...(checked === undefined
      ? [
          `There is no solution: write ${join(dirname(path), 'reference.py')}, then learnflow tutor check ${dirname(path)}`,
        ]
      : [checked.ok ? 'The reference passes, and the tests notice its changes.' : 'The check found:']),
    ...(checked?.problems ?? []).map(problemText),
  ].join('\n')
}
