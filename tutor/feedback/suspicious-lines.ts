import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { judge } from '../grade/judge.ts'
import { runCalls } from '../grade/run-calls.ts'
import { type Facts, type Smell, factsOf } from '../program/facts.ts'
import { itemsOf, runScript, textOf } from '../python/scripts.ts'
import { type Note, note } from './note.ts'
import type { Options, Work } from './work.ts'

/** The maximum of lines that are tried, the first ones. */
const maxTried = 8
const seconds = 10
const prefix = 'smell-'

/**
 * The suspicious lines of a wrong program that are to blame: each is changed to what was probably meant, and counts only
 * when a test that failed then passes and none fails that passed. So a strange line that does no harm is left alone.
 */
export async function guiltyLines(work: Work, facts: Facts, sandbox: Sandbox, options: Options): Promise<Note[]> {
  const early = facts.early.map(line => ({ name: 'early-return', line, said: note('loop-early-return', { line }) }))
  const smells = facts.smells
    .filter(({ code }) => code !== 'smell-unused-parameter')
    .map(({ code, line }) => ({ name: code.slice(prefix.length), line, said: note(code, { line }) }))
  const suspects = [...early, ...smells].slice(0, maxTried)
  const unused = await unusedParameters(work, facts, sandbox)
  if (suspects.length === 0) return unused
  const output = await runScript(
    'mend',
    { source: work.code, smells: suspects.map(({ name, line }) => [name, line]) },
    sandbox,
    seconds,
  )
  const mended = output === undefined ? [] : itemsOf(output)
  const guilty = await Promise.all(
    suspects.map(async (_, at) => {
      const text = mended[at]
      return text?.kind === 'str' && (await helps(textOf(text), work, sandbox, options))
    }),
  )
  return [...suspects.filter((_, at) => guilty[at]).map(({ said }) => said), ...unused]
}

async function helps(code: string, work: Work, sandbox: Sandbox, { owner }: Options): Promise<boolean> {
  const { cases, judged, exercise } = work
  const { results } = await runCalls(
    code,
    exercise,
    cases.map(({ call }) => call),
    sandbox,
    owner === undefined ? {} : { owner },
  )
  const passes = cases.map((one, at) => results[at] !== undefined && judge(one, results[at]).outcome.passed)
  const passed = cases.map((_, at) => judged[at]?.outcome.passed === true)
  return passes.some((now, at) => now && passed[at] === false) && passes.every((now, at) => now || passed[at] === false)
}

/** A parameter of a function of the exercise that the program never reads, although the reference does. */
async function unusedParameters({ exercise }: Work, { smells }: Facts, sandbox: Sandbox): Promise<Note[]> {
  const unused = ofEntries(smells, exercise.entry)
  if (unused.length === 0) return []
  const meant = new Set(
    ofEntries((await factsOf(exercise.reference, sandbox))?.smells ?? [], exercise.entry).map(nameOf),
  )
  return unused.filter(one => !meant.has(nameOf(one))).map(({ code, line }) => note(code, { line }))
}

const nameOf = (one: Smell): string | undefined => one.function
const ofEntries = (smells: readonly Smell[], entry: readonly string[]): Smell[] =>
  smells.filter(one => one.code === 'smell-unused-parameter' && entry.includes(one.function ?? ''))
