import { expect, test } from 'vitest'
import { countedLines } from './counts.ts'

const counts = (lines: readonly string[], failed: boolean) =>
  countedLines('the run', { stdout: lines.join('\n'), failed })
const [ok, late, fail] = ['ok     api.health', 'LATE   log.append', 'FAIL   grading.right: 0 of 1']

test('the total line of a verification counts; what is only late passes', () => {
  expect(counts([ok, '2 passed, 0 failed, 0 skipped'], false)).toEqual({ passed: 2, skipped: 0, failures: [] })
  expect(counts(['caught 15 of 15'], false)).toEqual({ passed: 15, skipped: 0, failures: [] })
  expect(counts([ok, late, '1 passed, 1 failed, 0 skipped'], true)).toEqual({ passed: 2, skipped: 0, failures: [] })
})

test('a line that failed or was missed is told, beside a late one too', () => {
  expect(counts([ok, late, fail, '1 passed, 2 failed, 0 skipped'], true)).toEqual({
    passed: 2,
    skipped: 0,
    failures: [fail],
  })
  expect(counts(['MISSED gateway.dead', 'caught 14 of 15'], true)).toEqual({
    passed: 14,
    skipped: 0,
    failures: ['MISSED gateway.dead'],
  })
})

test.each([
  ['without a total', [ok, late], true],
  ['without a total that ended well', [ok], false],
  ['without a line', [], true],
  ['with an exit code that no line explains', [ok, '1 passed, 0 failed, 0 skipped'], true],
])('a verification %s broke off', (_, lines, failed) => {
  expect(counts(lines, failed).failures).toEqual(['the run did not come to an end'])
})
