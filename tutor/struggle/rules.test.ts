import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Attempt, quizStruggles, strugglesOf, type TakenQuiz } from './rules.ts'

/** Attempts a minute apart unless told otherwise, named by their place. */
const attempts = (...made: (Partial<Omit<Attempt, 'received_at'>> & { minute?: number })[]): Attempt[] =>
  made.map(({ minute, ...attempt }, at) => ({
    submission_id: `s${at}`,
    exercise_id: 'square',
    verdict: 'failed',
    score: 0,
    error: null,
    passing: [],
    failing: [],
    assigned_at: null,
    ...attempt,
    received_at: new Date(Date.UTC(2026, 0, 1, 0, minute ?? at)),
  }))
const found = (tries: readonly Attempt[]) => strugglesOf(tries).map(({ rule, exercise_id }) => `${rule} ${exercise_id}`)

const name = { error: 'NameError', verdict: 'error' } as const
const type = { error: 'TypeError' } as const
const passed = { verdict: 'passed', score: 1 } as const

test('the same error three times on one exercise, with these three as evidence', () => {
  expect(strugglesOf(attempts(name, name))).toEqual([])
  expect(strugglesOf(attempts(name, type, name, name))).toEqual([
    { rule: 'same_error', exercise_id: 'square', error: 'NameError', evidence: ['s3', 's2', 's0'] },
  ])
  expect(found(attempts(name, { ...name, exercise_id: 'cube' }, name)), 'two exercises').toEqual([])
  expect(found(attempts({}, {}, {})), 'failures of no known kind are not the same').toEqual([])
})

test('more than ten minutes of work on one exercise; a long pause is no work', () => {
  expect(found(attempts({}, { minute: 10 }))).toEqual([])
  expect(found(attempts({}, { minute: 5 }, { minute: 11 }))).toEqual(['too_long square'])
  expect(found(attempts({}, { minute: 31 }, { minute: 34 })), 'half an hour away').toEqual([])
})

test('five failures in a row, over exercises', () => {
  expect(found(attempts({}, {}, {}, {}))).toEqual([])
  expect(found(attempts({}, {}, {}, {}, {}))).toEqual(['failed_in_a_row square'])
  expect(found(attempts({}, {}, { exercise_id: 'cube' }, {}, {}))).toEqual(['failed_in_a_row null'])
})

test('success clears, and progress is no struggle', () => {
  expect(found(attempts(name, name, name, passed))).toEqual([])
  expect(found(attempts(name, name, name, { ...passed, exercise_id: 'cube' })), 'another was passed').toEqual([
    'same_error square',
  ])
  expect(found(attempts({}, {}, {}, {}, { ...passed, exercise_id: 'cube' }))).toEqual([])
  const steady = [0.1, 0.3, 0.6, 0.8].map((score, at) => ({ ...type, score, minute: at * 4 }))
  expect(found(attempts(...steady))).toEqual([])
  expect(found(attempts(...steady, { ...type, score: 0.8, minute: 14 })), 'no longer rising').toEqual([
    'same_error square',
    'too_long square',
    'failed_in_a_row square',
  ])
})

test('what a teacher assigned for it and was then passed clears; what was assigned before does not', () => {
  const other = (minute: number) => ({
    ...passed,
    exercise_id: 'cube',
    assigned_at: new Date(Date.UTC(2026, 0, 1, 0, minute, 30)),
  })
  expect(found(attempts(name, name, name, other(2)))).toEqual([])
  expect(found(attempts(name, name, name, other(-1)))).toEqual(['same_error square'])
  expect(found(attempts(other(3), name, name, name)), 'assigned after its pass').toEqual(['same_error square'])
})

test('random tests that are kinder to one attempt are no progress', () => {
  const kinder = (score: number, at: number) => ({ ...name, score, failing: ['f(1)', 'f(2)'], passing: [`f(-${at})`] })
  expect(found(attempts(...[0.1, 0.2, 0.3].map(kinder)))).toEqual(['same_error square'])
  const better = { ...name, score: 0.2, passing: ['f(1)'], failing: ['f(2)', 'f(-8)'] }
  expect(found(attempts(kinder(0.1, 0), kinder(0.4, 1), better))).toEqual([])
})

test('whatever came in whatever order: each rule once for an exercise, its evidence was failed, and a pass ends all', () => {
  const attempt = fc.record({
    exercise_id: fc.constantFrom('a', 'b'),
    verdict: fc.constantFrom('passed' as const, 'failed' as const, 'error' as const),
    score: fc.constantFrom(0, 0.5),
    error: fc.constantFrom('NameError', null),
  })
  fc.assert(
    fc.property(fc.array(attempt, { maxLength: 30 }), fc.infiniteStream(fc.nat()), (made, order) => {
      const tries = attempts(...made)
      const struggles = strugglesOf(tries)
      const keys = struggles.map(({ rule, exercise_id }) => `${rule} ${exercise_id}`)
      expect(new Set(keys).size).toBe(keys.length)
      const failed = new Set(tries.filter(({ verdict }) => verdict !== 'passed').map(one => one.submission_id))
      for (const { evidence } of struggles) for (const id of evidence) expect(failed).toContain(id)
      const keyed = tries.map(one => ({ one, key: order.next().value })).toSorted((a, b) => a.key - b.key)
      expect(strugglesOf(keyed.map(({ one }) => one))).toEqual(struggles)
      expect(strugglesOf(attempts(...made, { ...passed, exercise_id: 'a' }, { ...passed, exercise_id: 'b' }))).toEqual(
        [],
      )
    }),
  )
})

/** Quizzes of control flow a minute apart unless told otherwise, named by their place. */
const quizzes = (...taken: (Partial<TakenQuiz> | number)[]): TakenQuiz[] =>
  taken.map((one, at) => ({
    quiz_id: `q${at}`,
    module: 'control-flow',
    score: typeof one === 'number' ? one : 0,
    answered_at: new Date(Date.UTC(2026, 0, 1, 0, at)),
    passed_at: null,
    ...(typeof one === 'number' ? {} : one),
  }))

test('a quiz below half, with it as evidence, until one with half or more, or a pass in its module', () => {
  const bad = (...evidence: string[]) => ({ rule: 'quiz_below_half', exercise_id: null, error: null, evidence })
  expect(quizStruggles(quizzes(0.4))).toEqual([bad('q0')])
  expect(quizStruggles(quizzes(0.4, 0.2).toReversed())).toEqual([bad('q1', 'q0')])
  expect(quizStruggles(quizzes(0.5, 0.6, 0.8, 1)), 'steady progress').toEqual([])
  expect(quizStruggles(quizzes(0.2, 0.5))).toEqual([])
  expect(quizStruggles(quizzes(0.2, 0.8, 0.4))).toEqual([bad('q2')])
  expect(quizStruggles(quizzes(0.2, { score: 1, module: 'functions' })), 'another module').toEqual([bad('q0')])
  const passed_at = new Date(Date.UTC(2026, 0, 1, 0, 0, 30))
  expect(quizStruggles(quizzes({ passed_at }))).toEqual([])
  expect(quizStruggles(quizzes({ passed_at }, { passed_at })), 'the pass was before').toEqual([bad('q1')])
})
