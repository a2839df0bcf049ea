import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import { type Check, type CheckResult, openProbe, type Probe } from './check.ts'
import { startTestPlatform, temporaryFolder, throwawayConfig } from './test-platform.ts'

const checksFolder = join(import.meta.dirname, 'checks')

/** One check in the output. */
export interface Line extends CheckResult {
  id: string
  claim: string
  /**
   * The check could not measure. That fails it, but in a negative control it counts as noticed only when the fault
   * silences the platform.
   */
  silent?: true
  /** Why it could not be measured on this platform, which is neither a failure nor a pass. */
  skipped?: true
}

export interface VerifyResult {
  lines: string[]
  passed: number
  failed: number
  skipped: number
  /** The lines of failed or missed checks; late ones are only counted. */
  failures: string[]
  late: number
  ok: boolean
  /** The last line, with counts in a fixed format for programs. */
  total: string
}

/** All checks, or those whose id equals or begins with one of `select`. @throws NOT_FOUND with the ids that exist. */
export async function selectChecks(select: readonly string[]): Promise<Check[]> {
  const files = (await readdir(checksFolder)).filter(name => /\.(ts|js)$/.test(name)).toSorted()
  const all = (
    await Promise.all(files.map(async file => (await import(join(checksFolder, file))) as { default: Check[] }))
  ).flatMap(module => module.default)
  const chosen = all.filter(
    check =>
      select.length === 0 ||
      select.some(wanted => check.id === wanted || check.id.startsWith(`${wanted}.`) || check.id.startsWith(wanted)),
  )
  if (chosen.length === 0)
    throw new PlatformError('NOT_FOUND', `no check is called ${select.join(' or ')}`, {
      hint: `There are: ${all.map(check => check.id).join(', ')}.`,
    })
  return chosen
}

/** Runs one check. A check that cannot measure fails, so that a missing answer never counts as a pass. */
export async function runCheck(check: Check, probe: Probe): Promise<Line> {
  const { id, claim } = check
  try {
    return { id, claim, ...(await check.run(probe)) }
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'CHECK_SKIPPED')
      return { id, claim, ok: false, skipped: true, measured: error.message }
    return {
      id,
      claim,
      ok: false,
      silent: true,
      measured: error instanceof PlatformError ? `${error.code}: ${error.message}` : String(error),
    }
  }
}

/** The word for a result: `good` when all of it holds, LATE when only the time limit fails, skip, otherwise FAIL. */
export function wordOf({ ok, late, skipped }: CheckResult & Pick<Line, 'skipped'>, good: 'ok' | 'held'): string {
  if (skipped === true) return 'skip'
  if (!ok) return 'FAIL'
  return late === true ? 'LATE' : good
}

/** One line of output: the word, the id, the claim and the figure. */
export const table = (word: string, { id, claim, measured }: Line): string =>
  `${word.padEnd(6)} ${id.padEnd(20)} ${claim}: ${measured}`

/**
 * Checks the platform of these settings' data folder. `onLine` gets each line as it comes; `operate` runs scripts where
 * no owner of the folder does it.
 */
export async function verify(
  config: Config,
  select: readonly string[],
  onLine: (line: string) => void,
  operate?: Probe['operate'],
): Promise<VerifyResult> {
  const probe = await openProbe(config.LEARNFLOW_DATA_DIR, config, operate)
  const lines: string[] = []
  const failures: string[] = []
  let [passed, skipped] = [0, 0]
  for (const check of await selectChecks(select)) {
    const line = await runCheck(check, probe)
    const word = wordOf(line, 'ok')
    const text = table(word, line)
    if (word === 'ok') passed += 1
    if (word === 'skip') skipped += 1
    if (word === 'FAIL') failures.push(text)
    lines.push(text)
    onLine(text)
  }
  const failed = lines.length - passed - skipped
  const total = `${passed} passed, ${failed} failed, ${skipped} skipped`
  const ok = passed === lines.length
  return { lines, passed, failed, skipped, failures, late: failed - failures.length, ok, total }
}

/** The same against a platform that is started for it, with tokens of its own, and removed afterwards. */
export async function verifyEphemeral(
  select: readonly string[],
  onLine: (line: string) => void,
): Promise<VerifyResult> {
  // Reports a wrong name before a platform is started.
  await selectChecks(select)
  await using place = await temporaryFolder()
  await using platform = await startTestPlatform({ folder: place.path })
  return await verify(throwawayConfig({ LEARNFLOW_DATA_DIR: platform.folder }), select, onLine)
}
