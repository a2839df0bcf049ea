/** How a part of the proof went. */
export interface Counts {
  passed: number
  skipped: number
  /** What failed, a line each: where it is and the first line of why. */
  failures: readonly string[]
}

/** One claim that either holds or not. */
export const counted = (holds: boolean, what: string): Counts => ({
  passed: holds ? 1 : 0,
  skipped: 0,
  failures: holds ? [] : [what],
})

/**
 * Counts the lines of a run of `learnflow verify`, which `failed` or not. What is right but late on a machine that does other things too passes
 * here: benchmarks judge it. A run that broke off fails, whatever its lines say.
 */
export function countedLines(what: string, { stdout, failed }: { stdout: string; failed: boolean }): Counts {
  const lines = stdout.split('\n')
  const failures = lines.filter(line => /^(?:FAIL|MISSED) /.test(line))
  const late = lines.filter(line => line.startsWith('LATE ')).length
  const total = /^(?:caught )?(\d+) (?:passed|of)/m.exec(stdout)
  if (total === null || (failed && failures.length + late === 0)) failures.push(`${what} did not come to an end`)
  return { passed: late + Number(total?.[1] ?? 0), skipped: 0, failures }
}

/**
 * Prints what failed and, as the last line, the sum: `N passed, N failed, N skipped`. The exit code is 1 when anything failed or nothing passed.
 */
export function conclude(parts: readonly Counts[]): void {
  const failures = parts.flatMap(part => part.failures)
  const total = (key: 'passed' | 'skipped'): number => parts.reduce((sum, part) => sum + part[key], 0)
  for (const failure of failures) console.log(`FAILED  ${failure}`)
  console.log(`${total('passed')} passed, ${failures.length} failed, ${total('skipped')} skipped`)
  process.exitCode = failures.length === 0 && total('passed') > 0 ? 0 : 1
}
