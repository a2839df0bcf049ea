import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { idempotencyHash, Traceparent, traceparentOf } from './cloud-event.ts'
import { quizAnswered } from './events.ts'

const parts = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.integer()), { minLength: 1, maxLength: 4 })
const quiz = { quiz_id: 'loops-1', module: 'control-flow', score: 0.5 } as const
const told = { key: ['s1', 'loops-1', 1], source: '/api' } as const

test('equal business keys have equal hashes and different ones different hashes', () => {
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      expect(idempotencyHash(...one)).toBe(idempotencyHash(...one))
      expect(idempotencyHash(...one) === idempotencyHash(...other)).toBe(JSON.stringify(one) === JSON.stringify(other))
      expect(idempotencyHash(...one)).toMatch(/^[0-9a-f]{32}$/)
    }),
  )
})

test('parts cannot run into each other, and a number is not its digits', () => {
  expect(
    new Set([
      idempotencyHash('ab', 'c'),
      idempotencyHash('a', 'bc'),
      idempotencyHash('abc'),
      idempotencyHash('a', 'b', 'c'),
      idempotencyHash('a","b', 'c'),
    ]).size,
  ).toBe(5)
  expect(idempotencyHash('1')).not.toBe(idempotencyHash(1))
})

test('an event made twice from one business key has two ids and one idempotency key', () => {
  const [one, other] = [quizAnswered.of('s1', quiz, told), quizAnswered.of('s1', quiz, told)]
  expect(one.id).not.toBe(other.id)
  expect(one.idempotencykey).toBe(other.idempotencykey)
  expect(quizAnswered.of('s1', quiz, { ...told, key: ['s1', 'loops-1', 2] }).idempotencykey).not.toBe(
    one.idempotencykey,
  )
})

test('what is made is a valid event that keeps its data, subject and time', () => {
  const time = new Date('2026-03-01T12:00:00.250Z')
  const event = quizAnswered.of('s1', quiz, { ...told, time })
  expect(event).toMatchObject({
    specversion: '1.0',
    type: 'quiz.answered',
    subject: 's1',
    source: '/api',
    time: '2026-03-01T12:00:00.250Z',
    data: quiz,
  })
  expect(quizAnswered.schema.parse(JSON.parse(JSON.stringify(event)))).toEqual(event)
})

test('data out of bounds and a subject that is no text make no event', () => {
  expect(() => quizAnswered.of('s1', { ...quiz, score: 1.5 }, told)).toThrow(/score/)
  expect(() => quizAnswered.of(7 as unknown as string, quiz, told)).toThrow(/subject/)
})

test('a trace is continued with a new span, and a broken one is replaced', () => {
  const parent = traceparentOf()
  const child = traceparentOf(parent)
  expect(child.slice(3, 35)).toBe(parent.slice(3, 35))
  expect(child.slice(36, 52)).not.toBe(parent.slice(36, 52))
  expect(Traceparent.safeParse(traceparentOf('nonsense')).success).toBe(true)
})
