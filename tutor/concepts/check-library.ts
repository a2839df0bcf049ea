import { readFile, writeFile } from 'node:fs/promises'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Problem } from '../../schemas/positions.ts'
import { itemsOf, runScript, textOf } from '../python/scripts.ts'
import type { ConceptLibrary } from './library.ts'
import type { Entry, Snippet } from './read-entry.ts'

/** What of an exercise decides whether it fits a concept. */
export interface Practice {
  id: string
  concepts: readonly string[]
}

/**
 * Runs every program of the library and compares what is shown with what it prints; checks that prerequisites exist and
 * have no cycle, and that exercises exist and fit.
 */
export async function checkLibrary(
  library: ConceptLibrary,
  exercises: readonly Practice[],
  sandbox: Sandbox,
): Promise<Problem[]> {
  const found = (await runAll(library.entries, sandbox)).flatMap(({ entry, snippet, kind, real }) => {
    const shown = kind === 'steps' ? snippet.steps : snippet.shown
    if (real !== undefined && shown?.trimEnd() === real) return []
    const message =
      real === undefined ? 'this program does not end' : `the ${kind} shown is not what it gives:\n${real}`
    return [{ path: entry.path, line: snippet.line, message }]
  })
  return [...found, ...linkProblems(library), ...exerciseProblems(library, exercises)]
}

/** A program of an entry, and what it really prints or does; undefined when it does not end. */
interface Ran {
  entry: Entry
  snippet: Snippet
  kind: 'steps' | 'output'
  real: string | undefined
}

const perRun = 100

/** Runs the programs of the entries, many in one interpreter; those of a run that does not end again one by one. */
async function runAll(entries: readonly Entry[], sandbox: Sandbox): Promise<Ran[]> {
  const programs = entries.flatMap(entry =>
    entry.sections.flatMap(({ heading, snippet }) =>
      snippet === undefined
        ? []
        : [{ entry, snippet, kind: heading === 'steps' ? ('steps' as const) : ('output' as const) }],
    ),
  )
  const ran: Ran[] = []
  for (let from = 0; from < programs.length; from += perRun) {
    const some = programs.slice(from, from + perRun)
    const real =
      (await realOf(some, sandbox)) ?? (await Promise.all(some.map(async one => (await realOf([one], sandbox))?.[0])))
    ran.push(...some.map((one, at) => ({ ...one, real: real[at] })))
  }
  return ran
}

async function realOf(programs: readonly Omit<Ran, 'real'>[], sandbox: Sandbox): Promise<string[] | undefined> {
  const asked = programs.map(({ snippet: { code, stdin = '' }, kind }) => ({ code, stdin, steps: kind === 'steps' }))
  const shown = await runScript('snippets', asked, sandbox, programs.length === 1 ? 5 : 30)
  return shown === undefined ? undefined : itemsOf(shown).map(textOf)
}

/** Writes what each program really prints, or its real steps, into the files. Returns the paths that changed. */
export async function writeOutputs({ entries }: ConceptLibrary, sandbox: Sandbox): Promise<string[]> {
  const texts = new Map<string, string>()
  for (const { entry, snippet, kind, real } of await runAll(entries, sandbox)) {
    const before = texts.get(entry.path) ?? (await readFile(entry.path, 'utf8'))
    texts.set(entry.path, real === undefined ? before : withShown(before, snippet, kind, real))
  }
  const changed: string[] = []
  for (const [path, text] of texts) {
    if (text === (await readFile(path, 'utf8'))) continue
    await writeFile(path, text)
    changed.push(path)
  }
  return changed
}

function withShown(text: string, { code, stdin }: Snippet, kind: string, real: string): string {
  const program = `\`\`\`python\n${code}\n\`\`\`\n`
  const read = stdin === undefined ? '' : `\n\`\`\`input\n${stdin}\n\`\`\`\n`
  const at = text.indexOf(program) + program.length + read.length
  const after = text.slice(at).replace(/^\n```(?:output|steps)\n[^]*?```\n/, '')
  return `${text.slice(0, at)}\n\`\`\`${kind}\n${real}\n\`\`\`\n${after}`
}

function linkProblems({ concepts, comparisons, whys }: ConceptLibrary): Problem[] {
  const problem = (path: string, message: string): Problem => ({ path, line: 1, message })
  const absent = (names: readonly string[]): string[] => names.filter(name => !concepts.has(name))
  const before = (id: string, seen: readonly string[]): string[][] =>
    seen.includes(id) ? [[...seen, id]] : (concepts.get(id)?.needs ?? []).flatMap(need => before(need, [...seen, id]))
  return [
    ...[...concepts.values()].flatMap(({ id, path, needs }) => [
      ...absent(needs).map(name => problem(path, `there is no concept ${name}`)),
      ...before(id, [])
        .filter(cycle => cycle[0] === cycle.at(-1))
        .map(cycle => problem(path, `it is needed before itself: ${cycle.join(' -> ')}`)),
    ]),
    ...[...comparisons.values(), ...whys.values()].flatMap(({ path, about }) =>
      absent(about).map(name => problem(path, `there is no concept ${name}`)),
    ),
  ]
}

function exerciseProblems({ concepts }: ConceptLibrary, exercises: readonly Practice[]): Problem[] {
  const bank = new Map(exercises.map(({ id, concepts }) => [id, concepts]))
  return [...concepts.values()].flatMap(({ path, exercises, practised_as }) =>
    exercises.flatMap(id => {
      const has = bank.get(id)
      if (has === undefined) return [{ path, line: 1, message: `there is no exercise ${id}` }]
      if (has.some(name => practised_as.includes(name))) return []
      return [{ path, line: 1, message: `${id} practises ${has.join(', ')}, not ${practised_as.join(' or ')}` }]
    }),
  )
}
