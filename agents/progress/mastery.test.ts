import * as fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { modules } from '../../schemas/words.ts'
import type { ExerciseBank } from '../../tutor/exercise/bank.ts'
import { openStage, type Stage } from '../test-stage.ts'
import { combine, type Components, consistencyOf, levelOf } from '../../tutor/mastery/mastery.ts'
import { masteryOf } from './mastery.ts'

const dayMs = 86_400_000
const asOf = new Date('2030-03-10T12:00:00.000Z')
const exercises = ['a', 'b', 'c', 'd'].map(id => ({ id, module: id === 'd' ? ('oop' as const) : ('basics' as const) }))
/** A bank of three exercises in `basics` and one in `oop`, with only the members that mastery uses. */
const bank = { list: () => exercises, version: 'bank-1' } as unknown as ExerciseBank

/** One graded submission; `days` before the time of the computation. */
interface Graded {
  exercise: string
  version: number
  passed: boolean
  days: number
  submission: number
  quality: number | null
}

const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

/** Replaces the whole history by these rows, with one statement per table. */
async function insert({ history: { db } }: Stage, rows: readonly Graded[]): Promise<void> {
  const known = rows.map((row, at) => ({
    ...row,
    id: idOf(row.submission),
    attempt: at + 1,
    module: exercises.find(one => one.id === row.exercise)?.module ?? 'basics',
    at: new Date(asOf.getTime() - row.days * dayMs),
  }))
  const requests = known.map(({ id }) => sql`(${id}, 'ann', 'submission', 'exercise', '')`)
  const submissions = known.map(
    ({ id, exercise, attempt, at }) => sql`(${id}, 'ann', ${exercise}, 1, ${attempt}, 'pass', ${at})`,
  )
  const grades = known.map(
    ({ id, version, exercise, module, attempt, passed, quality, at }) =>
      sql`(${id}, ${version}, 'ann', ${exercise}, ${module}, ${attempt}, ${passed ? 'passed' : 'failed'},
        ${passed ? 1 : 0}, 1, '[]', '[]', '1', ${at}, ${quality}::double precision)`,
  )
  await sql`truncate request, request_event, submission, grade cascade`.execute(db)
  await sql`insert into request (request_id, student_id, kind, agent, traceparent) values ${sql.join(requests)}
    on conflict do nothing`.execute(db)
  await sql`insert into submission values ${sql.join(submissions)} on conflict do nothing`.execute(db)
  await sql`insert into grade (submission_id, exercise_version, student_id, exercise_id, module, attempt, verdict,
    score, duration_ms, notes, tests, seed, graded_at, quality)
    values ${sql.join(grades)}`.execute(db)
}

/**
 * The definition implemented a second time in another way: a loop over the rows instead of a query, integer weights,
 * days as text.
 */
function reference(rows: readonly Graded[], module: string): number {
  const newest = new Map<number, Graded>()
  for (const row of rows) {
    const known = newest.get(row.submission)
    if (
      exercises.find(one => one.id === row.exercise)?.module === module &&
      (known === undefined || row.version > known.version)
    )
      newest.set(row.submission, row)
  }
  const own = exercises.filter(one => one.module === module)
  let points =
    4 * (own.filter(one => [...newest.values()].some(row => row.exercise === one.id && row.passed)).length / own.length)
  const dates = new Set(
    [...newest.values()].map(row => new Date(asOf.getTime() - row.days * dayMs).toISOString().slice(0, 10)),
  )
  let active = 0
  for (let back = 0; back < 14; back += 1)
    if (dates.has(new Date(asOf.getTime() - back * dayMs).toISOString().slice(0, 10))) active += 1
  const first = [...dates].toSorted()[0] ?? ''
  const sinceFirst = Math.round((Date.parse(asOf.toISOString().slice(0, 10)) - Date.parse(first)) / dayMs) + 1
  points += active / Math.min(14, sinceFirst)
  const qualities = own.flatMap(({ id }) => {
    const known = [...newest.values()].filter(row => row.exercise === id && row.passed).map(row => row.quality)
    return known.every(one => one === null) ? [] : [Math.max(...known.map(one => one ?? 0))]
  })
  if (qualities.length === 0) return (100 * points) / 5
  let whole = 0
  for (const one of qualities) whole += one
  return (100 * (points + (2 * whole) / qualities.length)) / 7
}

const graded = fc.record({
  exercise: fc.constantFrom('a', 'b', 'c', 'd'),
  version: fc.constant(1),
  passed: fc.boolean(),
  days: fc.double({ min: 0, max: 20, noNaN: true, noDefaultInfinity: true }),
  quality: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
})
const histories = fc
  .array(graded, { minLength: 1, maxLength: 12 })
  .chain(rows =>
    fc.tuple(
      fc.constant(rows.map((row, submission) => Object.assign(row, { submission }))),
      fc.array(fc.record({ of: fc.nat({ max: rows.length - 1 }), passed: fc.boolean() }), { maxLength: 3 }),
    ),
  )
  .map(([rows, again]) =>
    rows.concat(
      again.flatMap(({ of, passed }, at) => {
        const row = rows[of]
        return row === undefined ? [] : [Object.assign({ ...row }, { version: at + 2, passed })]
      }),
    ),
  )

test('mastery is exact to 1e-9 against an independent reckoning, in whatever order the grades came', async () => {
  await using stage = await openStage()
  await fc.assert(
    fc.asyncProperty(histories, fc.infiniteStream(fc.nat()), async (rows, dice) => {
      await insert(stage, rows)
      const before = await Promise.all(
        modules.map(async module => masteryOf(stage.history.db, bank, 'ann', module, asOf)),
      )
      for (const mastery of before)
        if (mastery !== undefined) expect(mastery.mastery).toBeCloseTo(reference(rows, mastery.module), 9)
      expect(before.filter(one => one !== undefined).map(one => one.module)).toEqual(
        ['basics', 'oop'].filter(module =>
          rows.some(row => exercises.find(one => one.id === row.exercise)?.module === module),
        ),
      )
      const shuffled = rows
        .map(row => ({ row, rank: dice.next().value ?? 0 }))
        .toSorted((one, other) => one.rank - other.rank)
      await insert(
        stage,
        shuffled.map(({ row }) => row),
      )
      expect(
        await Promise.all(modules.map(async module => masteryOf(stage.history.db, bank, 'ann', module, asOf))),
      ).toEqual(before)
    }),
    { numRuns: 25 },
  )
})

test('where a submission was graded again, its newest version counts, also when it takes the pass away', async () => {
  await using stage = await openStage()
  const row = { exercise: 'a', version: 1, passed: true, days: 0, submission: 1, quality: null }
  await insert(stage, [row])
  expect((await masteryOf(stage.history.db, bank, 'ann', 'basics', asOf))?.components.completion).toBe(1 / 3)
  await insert(stage, [row, { ...row, version: 2, passed: false }])
  expect((await masteryOf(stage.history.db, bank, 'ann', 'basics', asOf))?.components.completion).toBe(0)
})

test('a pass of an exercise that left the bank counts for nothing, and another student is another matter', async () => {
  await using stage = await openStage()
  await insert(stage, [{ exercise: 'gone', version: 1, passed: true, days: 0, submission: 1, quality: null }])
  expect((await masteryOf(stage.history.db, bank, 'ann', 'basics', asOf))?.components).toMatchObject({
    completion: 0,
    consistency: 1,
  })
  expect(await masteryOf(stage.history.db, bank, 'bob', 'basics', asOf)).toBeUndefined()
})

test('weights are taken over the components that have data', () => {
  const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null })
  fc.assert(
    fc.property(
      fc.record({ completion: share, quiz: share, quality: share, consistency: share }),
      (components: Components) => {
        const known = (
          [
            ['completion', 4],
            ['quiz', 3],
            ['quality', 2],
            ['consistency', 1],
          ] as const
        ).filter(([name]) => components[name] !== null)
        const whole = known.reduce((sum, [, weight]) => sum + weight, 0)
        const points = known.reduce((sum, [name, weight]) => sum + weight * (components[name] ?? 0), 0)
        expect(combine(components)).toBeCloseTo(whole === 0 ? 0 : (100 * points) / whole, 9)
      },
    ),
  )
  expect(combine({ completion: null, quiz: null, quality: null, consistency: null })).toBe(0)
})

test('levels are decided on the unrounded value', () => {
  const table = [0, 40, 40.000_000_001, 70, 70.000_000_001, 90, 90.000_000_001, 100].map(levelOf)
  expect(table).toEqual([
    'Beginner',
    'Beginner',
    'Learning',
    'Learning',
    'Proficient',
    'Proficient',
    'Mastered',
    'Mastered',
  ])
})

test('consistency counts UTC days: one minute around midnight is two days, the same day twice is one', () => {
  const midnight = new Date('2030-03-10T00:00:30.000Z')
  expect(consistencyOf(['2030-03-10', '2030-03-09'], midnight)).toBe(1)
  expect(consistencyOf(['2030-03-09', '2030-03-09'], midnight)).toBe(1 / 2)
  expect(consistencyOf(['2030-03-09', '2030-03-09'], new Date(midnight.getTime() - 60_000))).toBe(1)
})

test('consistency looks at the last 14 days alone, and at fewer for who began later', () => {
  const today = new Date('2030-03-14T09:00:00.000Z')
  expect(consistencyOf([], today)).toBeNull()
  expect(consistencyOf(['2030-03-14'], today)).toBe(1)
  expect(consistencyOf(['2030-03-12'], today)).toBe(1 / 3)
  expect(consistencyOf(['2030-03-01', '2030-03-14'], today)).toBe(2 / 14)
  expect(consistencyOf(['2030-02-28', '2030-03-14'], today)).toBe(1 / 14)
  expect(consistencyOf(['2029-01-01'], today)).toBe(0)
})
