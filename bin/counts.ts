/** How a part of the proof went. */
export interface Counts {
  passed: number
  failed: number
  skipped: number
}

/** Prints the sum as the last line, `N passed, N failed, N skipped`; the exit code is 1 when anything failed or nothing passed. */
export function conclude(parts: readonly Counts[]): void {
  const total = (key: keyof Counts): number => parts.reduce((sum, part) => sum + part[key], 0)
  console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`)
  process.exitCode = total('failed') === 0 && total('passed') > 0 ? 0 : 1
}
