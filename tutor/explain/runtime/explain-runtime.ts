import type { PythonResult, Sandbox } from '../../../platform/ports/sandbox.ts'
import type { Explanation } from '../explanation.ts'
import { type Facts, Facts as FactsSchema, readFacts } from './facts.ts'
import type { RuntimeOptions } from './options.ts'
import { findingsOf } from './findings.ts'
import { probe } from './scripts.ts'
import { noError, notParsed, told } from './tell.ts'
import { triedEdit } from './try-edits.ts'

/** The seconds for which a program that does not end is followed. */
const watchSeconds = 0.8
const defaultSeconds = 5

/**
 * Runs a program once and explains the exception that ends it, or the loop that does not end, with the values of that
 * moment. An edit was tried: with it the program runs past the crash. Takes at most 2 s besides the program's own time.
 * The class is `none` for a program that ends without an error.
 * @throws SANDBOX_CRASHED, DEPENDENCY_DOWN, TOO_MANY_REQUESTS as the sandbox does.
 */
export async function explainRuntime(
  sandbox: Sandbox,
  program: string,
  options: RuntimeOptions = {},
): Promise<Explanation> {
  const seconds = options.seconds ?? defaultSeconds
  const run = await probe(program, { ...options, mode: 'crash', seconds }, sandbox)
  const facts = await factsOf(run, program, options, sandbox)
  if (facts.ended === 'ok') return noError()
  if (facts.ended === 'not-parsed') return notParsed(facts)
  const findings = await findingsOf(program, facts, sandbox)
  const spent = run.duration_ms / 1_000
  const edited = await triedEdit({ program, facts, findings, spent, options, stdout: outputOf(run) }, sandbox)
  return told(edited?.finding ?? findings[0], facts, edited?.edit)
}

const outputOf = (run: PythonResult): string => run.calls[0]?.stdout ?? run.stdout

/** What is to be seen where the program ends. What an ending leaves no time to see is looked at in a second run. */
async function factsOf(run: PythonResult, program: string, options: RuntimeOptions, sandbox: Sandbox): Promise<Facts> {
  const seen = readFacts(run)
  if (seen !== undefined) return seen
  if (run.ended === 'timed_out' || run.ended === 'output_limit') {
    const probing = { ...options, mode: 'watch' as const, seconds: watchSeconds * 2, watchSeconds }
    const watched = readFacts(await probe(program, probing, sandbox))
    if (watched !== undefined && watched.ended !== 'ok')
      return watched.ended === 'loop' ? { ...watched, type: 'TimedOut', message: '' } : watched
  }
  return plainRun(run.ended, program, options, sandbox)
}

/** What the sandbox itself tells of the program, run without our script. */
async function plainRun(
  ended: PythonResult['ended'],
  program: string,
  { stdin, owner, purpose, files, seconds = defaultSeconds }: RuntimeOptions,
  sandbox: Sandbox,
): Promise<Facts> {
  const { error } = await sandbox.run({
    code: program,
    ...(purpose === undefined ? {} : { purpose }),
    seconds: ended === 'timed_out' ? watchSeconds : seconds,
    ...(stdin === undefined ? {} : { stdin }),
    ...(owner === undefined ? {} : { owner }),
    ...(files === undefined ? {} : { files }),
  })
  if (error === undefined) return FactsSchema.parse({ ended: 'ok' })
  const type = ended === 'out_of_memory' ? 'OutOfMemory' : error.type
  const frame = { function: '<module>', line: error.line ?? 1, column: error.column ?? null, values: [], names: {} }
  return FactsSchema.parse({ ended: 'raised', type, message: error.message, frames: [frame] })
}
