import { expect, test } from 'vitest'
import { codes, isRetryable, PlatformError, type Code } from './errors.ts'

const table = Object.entries(codes) as [Code, (typeof codes)[Code]][]

test.for(table)('%s: status, exit code and retry agree with each other', ([, { http, exit, retry }]) => {
  expect(http).toBeGreaterThanOrEqual(400)
  expect(http).toBeLessThan(600)
  // Wrong input stays wrong; a dependency that did not answer may answer later; a missing prerequisite does not appear
  // by itself.
  if (exit === 3) expect([http < 500, retry]).toEqual([true, false])
  if (exit === 4) expect([http >= 500, retry]).toEqual([true, true])
  if (exit === 2) expect(retry).toBe(false)
  if (retry) expect([409, 429, 503, 507]).toContain(http)
})

test('a failure carries its code, hint and cause; temporary and unknown failures are retried', () => {
  const cause = new Error('ECONNREFUSED')
  const error = new PlatformError('DEPENDENCY_DOWN', 'no answer', { hint: 'learnflow status', cause })
  expect(error).toMatchObject({
    name: 'PlatformError',
    code: 'DEPENDENCY_DOWN',
    message: 'no answer',
    hint: 'learnflow status',
    cause,
  })
  expect(isRetryable(error)).toBe(true)
  expect(isRetryable(new PlatformError('INVALID_INPUT', 'no', { hint: '' }))).toBe(false)
  expect(isRetryable(new TypeError('x is not a function'))).toBe(true)
})
