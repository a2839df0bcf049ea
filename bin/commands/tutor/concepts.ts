import { conceptLibrary } from '../../../tutor/concepts/library.ts'
import { checkLibrary, writeOutputs } from '../../../tutor/concepts/check-library.ts'
import { openBank } from '../../../tutor/exercise/bank.ts'
import { report, type Output, withSandbox } from './io.ts'
import { counted } from '../../../schemas/counted.ts'

interface Wish extends Output {
  check?: boolean
  write?: boolean
  folder?: string
}

/** Lists what can be explained; with `check` runs its programs, with `write` also stores what they print. */
export async function concepts(options: Wish): Promise<void> {
  const library = conceptLibrary(options.folder)
  if (options.write === true) return write(options)
  if (options.check === true) return check(options)
  const list = {
    concepts: [...library.concepts.values()].map(({ id, title, module, needs }) => ({ id, title, module, needs })),
    comparisons: [...library.comparisons.values()].map(({ id, title }) => ({ id, title })),
    whys: [...library.whys.values()].map(({ id, title }) => ({ id, title })),
  }
  report(list, options, false, ({ concepts, comparisons, whys }) =>
    [...concepts, ...comparisons, ...whys].map(({ id, title }) => `${id.padEnd(32)} ${title}`).join('\n'),
  )
}

async function write(options: Wish): Promise<void> {
  const changed = await withSandbox(async sandbox => writeOutputs(conceptLibrary(options.folder), sandbox))
  report({ changed }, options, false, () => `${counted(changed.length, 'file')} changed`)
}

async function check(options: Wish): Promise<void> {
  const library = conceptLibrary(options.folder)
  const exercises = (await openBank()).list()
  const problems = await withSandbox(async sandbox => checkLibrary(library, exercises, sandbox))
  report({ ok: problems.length === 0, problems }, options, false, () =>
    problems.length === 0
      ? `${counted(library.entries.length, 'file')}, all right`
      : problems.map(({ path, line, message }) => `${path}:${line}: ${message}`).join('\n'),
  )
}
