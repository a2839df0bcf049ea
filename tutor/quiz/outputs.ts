import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { readOutcome } from '../exercise/run-mutants.ts'
import { plainText } from '../grade/judge.ts'
import { mayVary } from '../grade/reach.ts'
import { itemsOf, numberOf, runScript, textOf } from '../python/scripts.ts'
import type { Material, Way } from './material.ts'

/** The processor time of one run of a program that is shown. */
const seconds = 2
/** Steps that one changed program may take, all of one look together, and the processor time of a look. */
const glanceSeconds = 4
const [steps, work] = [20_000, 2_000_000]
const maxCharacters = 1_600
const maxLines = 40
const maxShown = { characters: 240, lines: 8 }

/** What depends on more than the program and its input, or reads the program itself. */
const elsewhere =
  /\b(?:id|hash|open|exec|eval|compile|getsizeof|globals|locals|dir|vars|help|breakpoint)\s*\(|\b__\w*(?:file|hash)__/
/** What another Python prints otherwise: addresses, sets of texts. */
const unsteady = /\bat 0x[0-9a-f]+|\{(?:'[^'\n]*'|"[^"\n]*")(?:,|\})/

/** Sets, whose texts come in another order in each run of another Python. */
const unordered = /\b(?:frozen)?set\(|\{[^{}:]*\bfor\b[^{}:]*\}|\{\s*(?:'[^'\n]*'|"[^"\n]*")\s*,|\bset\b\s*[,)]/

/** Whether nothing that a program prints depends on the order of a set. */
export const isSteady = (code: string, { vetted }: Material): boolean => vetted || !unordered.test(code)

/** Whether a program is short enough to be read in a quiz, and does the same in each run. */
export const isAskable = (code: string, { vetted }: Material): boolean =>
  code.length <= maxCharacters &&
  code.split('\n').length <= maxLines &&
  (vetted || (!mayVary(code) && !elsewhere.test(code)))

/** Whether an output is short enough for a choice, is something to see, and is the same in every Python. */
export const isShowable = (text: string): boolean =>
  text !== '' &&
  text.length <= maxShown.characters &&
  text.split('\n').length <= maxShown.lines &&
  !unsteady.test(text) &&
  !/\p{Cc}/u.test(text.replaceAll('\n', ''))

/** What makes two choices alike for a reader. */
export const looks = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

/** What a program prints in an interpreter of its own; undefined when it does not end well. */
export async function printedBy(
  code: string,
  { stdin }: Way,
  { owner }: Material,
  sandbox: Sandbox,
): Promise<string | undefined> {
  const run = await sandbox.run({ code, stdin, seconds, ...(owner === undefined ? {} : { owner }) })
  return run.ended === 'ok' && !run.truncated && run.error === undefined ? plainText(run.stdout) : undefined
}

/**
 * What each of some programs prints, in one interpreter that is not trusted: a first look, which a run of its own has to
 * confirm. Null for one that raises an error or takes too many steps, undefined for one that was not reached.
 */
export async function glance(
  sources: readonly string[],
  { stdin }: Way,
  sandbox: Sandbox,
): Promise<(string | null | undefined)[]> {
  const asked = { sources, inputs: [{ stdin }], steps: [steps], work }
  const output = await runScript('tries', asked, sandbox, glanceSeconds)
  const [, tried] = output === undefined ? [] : itemsOf(output)
  return (tried === undefined ? [] : itemsOf(tried)).map(one => {
    const [outcome] = one.kind === 'none' ? [] : itemsOf(one).map(readOutcome)
    return outcome?.ended === 'ok' ? plainText(outcome.stdout) : null
  })
}

/** What each line does, as far as a few lines tell it; undefined where it does not end. */
export async function stepsOf(code: string, { stdin }: Way, sandbox: Sandbox): Promise<string | undefined> {
  const told = await runScript('steps', { code, stdin }, sandbox, seconds)
  if (told?.kind !== 'str' || told.value === '') return undefined
  const rows = told.value.split('\n').map(row => (row.length > 120 ? `${row.slice(0, 117)}...` : row))
  return [...rows.slice(0, maxSteps), ...(rows.length > maxSteps ? ['...'] : [])].join('\n')
}
const maxSteps = 10

/** A line as it may be changed. */
export interface LineChange {
  line: number
  text: string
}

/** A program's lines with code, none where one is only a part of a statement, and the changes of one line each. */
export interface Lines {
  code: readonly number[]
  changes: readonly LineChange[]
}

/** Reads the lines of a program and the changes of one token in each; undefined when it does not parse. */
export async function readLines(program: string, sandbox: Sandbox): Promise<Lines | undefined> {
  const output = await runScript('line_changes', [program], sandbox, 10)
  const [read] = output === undefined ? [] : itemsOf(output)
  if (read === undefined || read.kind === 'none') return undefined
  const [code, changes] = itemsOf(read)
  return {
    code: itemsOf(code).map(numberOf),
    changes: itemsOf(changes).map(change => {
      const [line, text] = itemsOf(change)
      return { line: numberOf(line), text: textOf(text) }
    }),
  }
}

/** A program with one line changed. */
export const withLine = (program: string, { line, text }: LineChange): string =>
  program
    .split('\n')
    .map((old, at) => (at === line - 1 ? text : old))
    .join('\n')

/** The text of a line, without its indentation. */
export const lineAt = (program: string, line: number): string => (program.split('\n')[line - 1] ?? '').trim()
