import { pino } from 'pino'
import { expect, test } from 'vitest'
import { PlatformError } from '../../platform/errors.ts'
import { entryOf } from './log-entries.ts'

/** The line that one of our processes writes for a warning. */
function lineOf(fields: object, message: string): string {
  let line = ''
  pino({ base: { pid: 1 } }, { write: (text: string) => void (line = text) }).warn(fields, message)
  return line.trimEnd()
}

test.each([
  new PlatformError('DEPENDENCY_DOWN', 'Kafka does not answer', { hint: 'learnflow status' }),
  new TypeError('x is not a function'),
  new Error('outer', { cause: new Error('inner') }),
])('an error in a log line is shown by its message: %s', error => {
  const { text, level } = entryOf(lineOf({ err: error, consumer: 'exercise', trace_id: 'abc' }, 'an item failed'))
  expect(text).toMatch(/^warn an item failed /)
  expect(text).toContain(error.message)
  expect(text).toContain('trace_id="abc"')
  expect(text).not.toContain('stack')
  expect(level).toBe(40)
})
