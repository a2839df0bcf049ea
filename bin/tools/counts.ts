import type { VerifyResult } from '../../verify/run.ts'

/** The result of a part of the proof. */
export interface Counts {
  passed: number
  skipped: number
  /** The failures, one line each: the place and the first line of the reason. */
  failures: readonly string[]
}

/** One claim that either holds or does not. */
export const counted = (holds: boolean, what: string): Counts => ({
  passed: holds ? 1 : 0,
  skipped: 0,
  failures: holds ? [] : [what],
})

/**
 * Counts a verification. A check that is right but late passes here, because the machine may be busy and benchmarks
 * measure the time. A check that broke off fails.
 */
export async function countedVerification(what: string, run: () => Promise<VerifyResult>): Promise<Counts> {
  try {
    const { passed, late, failures, skipped } = await run()
    return { passed: passed + late, skipped, failures }
  } catch (error) {
    return { passed: 0, skipped: 0, failures: [`${what} did not come to an end: ${String(error)}`] }
  }
}

/**
 * Prints the failures and, as the last line, the sum: `N passed, N failed, N skipped`. The exit code is 1 when anything
 * failed or nothing passed.
 */
export function conclude(parts: readonly Counts[]): void {
  const failures = parts.flatMap(part => part.failures)
  const total = (key: 'passed' | 'skipped'): number => parts.reduce((sum, part) => sum + part[key], 0)
  for (const failure of failures) console.log(`FAILED  ${failure}`)
  console.log(`${total('passed')} passed, ${failures.length} failed, ${total('skipped')} skipped`)
  process.exitCode = failures.length === 0 && total('passed') > 0 ? 0 : 1
}
