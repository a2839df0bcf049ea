import { expect, test } from 'vitest'
import { withoutSymptoms } from './symptoms.ts'

const named = (...causes: string[]) =>
  causes.map(cause => ({ code: 'CHECK_FAILED' as const, cause, evidence: '', fix: '' }))
const causesOf = (...causes: string[]): string[] => withoutSymptoms(named(...causes)).causes.map(({ cause }) => cause)

test.each([
  [['kafka-2 stands still: a signal has stopped it', 'not read: agents, dead letters'], 1],
  [['a session of the database locks outbox', 'requests wait longer than the promised 30 s', 'not read: lanes'], 1],
  [['PostgreSQL refuses the password of this platform', 'exercise-1 does not run'], 1],
  [['topics are missing or wrong', 'events are not published', 'the platform runs but is not ready'], 1],
])('what stands on a cause is seen only because of it: %j', (causes, count) => {
  expect(causesOf(...causes)).toEqual(causes.slice(0, count))
})

test.each([
  [['kafka-2 stands still: a signal has stopped it', 'topics are missing or wrong']],
  [['3 dead letters with INVALID_INPUT', 'requests wait longer than the promised 30 s']],
  [['the state differs from the history', 'the agent exercise does not keep up']],
  [['exercise-1 does not run', 'the sidecar of exercise-2 is down: nothing reaches it']],
  [['not read: agents, dead letters']],
])('two causes stay two: %j', causes => {
  expect(causesOf(...causes)).toEqual(causes)
})

test('a process with a reason of its own is a cause beside a broker that hangs', () => {
  const port = { ...named('exercise-1 does not run')[0]!, evidence: 'exercise-1 stopped; its log: PORT_IN_USE: port 9' }
  const down = { ...port, evidence: 'exercise-1 restarting; its log: DEPENDENCY_DOWN: PostgreSQL does not answer' }
  const engine = named('PostgreSQL is down: nothing can be stored')[0]!
  expect(withoutSymptoms([engine, port]).causes).toEqual([engine, port])
  expect(withoutSymptoms([engine, down])).toEqual({ causes: [engine], symptoms: [down] })
  const degraded = named('kafka-2 stands still: a signal has stopped it')[0]!
  expect(withoutSymptoms([degraded, down]).causes).toEqual([degraded, down])
})
