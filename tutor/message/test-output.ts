import { headOf, wordsInRow } from './lines.ts'

/** A test that failed: its name where it is said, what was expected and what came where the output has them. */
export interface FailedTest {
  name: string | null
  expected: string | null
  got: string | null
}

/** What pytest, unittest and doctest print, by the beginning of a line. */
const marks: readonly RegExp[] = [
  /^=+ (?:test session starts|FAILURES|ERRORS|short test summary|.{0,80}\b(?:failed|passed|error)).{0,80}=*$/,
  /^_{3,} \S.{0,120} _{3,}$/,
  /^E {3,}\S/,
  /^(?:FAILED|PASSED|ERROR)\s+\S+::/,
  /^FAILED \((?:failures|errors)=/,
  /^FAILED\b.{0,200} - /,
  /^(?:FAIL|ERROR): \w+ \(/,
  /^Ran \d+ tests? in [\d.]+s/,
  /^\*{10,}$/,
  /^Failed example:$/,
  /^\*{3}Test Failed\*{3}/,
  /^\d+ of \d+ (?:tests? )?(?:failed|passed)/,
  /^collected \d+ items?/,
  /^\S{1,120}\.py:\d+: (?:\w+Error|AssertionError|Exception)/,
  /^\S{1,120}\.py [.FEsx]+\s*(?:\[ *\d+%\])?$/,
  /^File "[^"]*", line \d+, in __main__/,
]
const inside =
  /^(?:>?\s{2,}\S|Expected:|Got:|Failed example:|Expected nothing|[-=_*]{10,}|\s*\d+ items? had failures|OK$|platform |rootdir|plugins)/

/** Whether a line begins what a test runner prints. */
export const startsTestOutput = (line: string): boolean => marks.some(mark => mark.test(headOf(line).trimEnd()))

/** How many lines, from `from` on and before `to`, a test runner printed; at least 1. Looks at each line once. */
export function testOutputLength(lines: readonly string[], from: number, to: number): number {
  let kept = 1
  let blank = false
  for (let at = from; at < to; at += 1) {
    const line = lines[at] ?? ''
    const head = headOf(line).trimEnd()
    if (head === '') blank = true
    else if (startsTestOutput(line) || inside.test(head)) {
      kept = at + 1 - from
      blank = false
    } else if (wordsInRow(head) >= 3 || (blank && wordsInRow(head) >= 1 && !/[()=:]/.test(head))) break
    else kept = at + 1 - from
  }
  return kept
}

/** The failed tests that the output names, in its order. Never throws. */
export function readTestOutput(lines: readonly string[]): FailedTest[] {
  const found = new Map<string, FailedTest>()
  let last: FailedTest | null = null
  let taking: 'expected' | 'got' | null = null
  const named = (name: string): FailedTest => {
    const known = found.get(name) ?? { name, expected: null, got: null }
    found.set(name, known)
    return known
  }
  for (const line of lines) {
    const head = headOf(line).trimEnd()
    const name =
      /^_{3,} (\S.*?) _{3,}$/.exec(head) ?? /^FAILED \S+?::(\S+)/.exec(head) ?? /^(?:FAIL|ERROR): (\w+) \(/.exec(head)
    const compared = /^E? *(?:AssertionError: )?assert (\S.*) == (\S.*)$/.exec(head.replace(/^FAILED .* - /, ''))
    if (name !== null) last = named(name[1] ?? '')
    else if (/^File "[^"]*", line \d+, in /.test(head)) last = named(head.replace(/^.*, in /, ''))
    if (compared !== null && last !== null) {
      last.got ??= compared[1] ?? null
      last.expected ??= compared[2] ?? null
    }
    if (/^Expected:$/.test(head)) taking = 'expected'
    else if (/^Got:$/.test(head)) taking = 'got'
    else if (taking !== null && last !== null && /^\s+\S/.test(head)) {
      const before: string | null = last[taking]
      last[taking] = before === null ? head.trim() : `${before}\n${head.trim()}`
    } else taking = null
  }
  return [...found.values()]
}
