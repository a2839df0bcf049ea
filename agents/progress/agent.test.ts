import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { submissionGraded } from '../../schemas/events.ts'
import { PlatformError } from '../../platform/errors.ts'
import { masteryKey, type StoredMastery } from '../../schemas/state-keys.ts'
import { defineAgent } from '../agent.ts'
import type { ExerciseBank } from '../../tutor/exercise/bank.ts'
import { exerciseOf } from '../../tutor/test-exercise.ts'
import { grader, openStage, passed } from '../test-stage.ts'
import progress from './agent.ts'
import { masteryOf } from './mastery.ts'
import { keepNewest } from './store-mastery.ts'

const soon = { interval: 20 }
const bank = {
  list: () => [
    { id: 'square', module: 'basics' },
    { id: 'cube', module: 'basics' },
  ],
  version: 'bank-1',
  find: async () => exerciseOf({ entry: ['square'], reference: 'def square(n):\n    return n * n\n' }),
} as unknown as ExerciseBank
const key = masteryKey('ann', 'basics')
const at = (computed_at: string, mastery: number): StoredMastery => ({
  module: 'basics',
  mastery,
  level: 'Learning',
  components: { completion: mastery / 100, quiz: null, quality: null, consistency: null },
  bank_version: 'bank-1',
  computed_at,
})

test('after every grade the state, the history and the event say what a new computation says', async () => {
  await using stage = await openStage()
  stage.ports.bank = bank
  stage.relay()
  await stage.work(grader(async event => passed(event)))
  await stage.work(progress)
  for (let round = 1; round <= 3; round += 1) {
    const id = await stage.submit('ann')
    await expect
      .poll(
        async () =>
          (await stage.history.db.selectFrom('inbox').select('state').where('consumer', '=', 'progress').execute()).map(
            row => row.state,
          ),
        soon,
      )
      .toEqual(Array.from({ length: round }, () => 'done'))
    expect(await stage.statusOf(id)).toBe('done')
  }
  const state = await stage.ports.state.get<StoredMastery>(key)
  const { computed_at = '', ...stored } = state?.value ?? {}
  expect(stored).toEqual(await masteryOf(stage.history.db, bank, 'ann', 'basics', new Date(computed_at)))
  expect(stored).toMatchObject({ components: { completion: 1 / 2, consistency: 1 }, bank_version: 'bank-1' })
  const row = await stage.history.db.selectFrom('mastery').selectAll().executeTakeFirstOrThrow()
  expect({ ...row, computed_at: row.computed_at.toISOString() }).toEqual({
    student_id: 'ann',
    in_state: true,
    ...state?.value,
  })
})

test('an older computation never overwrites a newer one, in the state', async () => {
  await using stage = await openStage()
  const { state } = stage.ports
  await keepNewest(state, key, at('2030-01-01T00:00:01.000Z', 60))
  await keepNewest(state, key, at('2030-01-01T00:00:00.000Z', 10))
  expect((await state.get<StoredMastery>(key))?.value.mastery).toBe(60)
  await Promise.all(
    Array.from({ length: 10 }, async (_, second) =>
      keepNewest(state, key, at(`2030-01-01T00:01:0${9 - second}.000Z`, 70 + second)),
    ),
  )
  expect((await state.get<StoredMastery>(key))?.value).toEqual(at('2030-01-01T00:01:09.000Z', 70))
})

test('an older computation never overwrites a newer one, in the history', async () => {
  await using stage = await openStage()
  stage.ports.bank = bank
  const future = new Date(Date.now() + 3_600_000)
  await sql`insert into mastery values ('ann', 'basics', 99, 'Mastered', '{}', 'bank-2', ${future})`.execute(
    stage.history.db,
  )
  stage.relay()
  await stage.work(grader(async event => passed(event)))
  await stage.work(progress)
  await stage.submit('ann')
  await expect.poll(async () => (await stage.ports.state.get(key)) !== undefined, soon).toBe(true)
  await expect
    .poll(
      async () => stage.history.db.selectFrom('inbox').select('state').where('consumer', '=', 'progress').execute(),
      soon,
    )
    .toEqual([{ state: 'done' }])
  expect(await stage.history.db.selectFrom('mastery').select(['mastery', 'bank_version']).execute()).toEqual([
    { mastery: 99, bank_version: 'bank-2' },
  ])
})

test('what could not be written to the state store is written later, once, and only where it is newer', async () => {
  await using stage = await openStage()
  stage.ports.bank = bank
  const { history, state } = stage.ports
  let down = true
  stage.ports.state = {
    ...state,
    set: async (...args) => {
      if (down) throw new PlatformError('DEPENDENCY_DOWN', 'the state store does not answer', { hint: 'Wait.' })
      return state.set(...args)
    },
  }
  stage.relay()
  await stage.work(grader(async event => passed(event)))
  await stage.work(progress)
  await stage.submit('ann')
  const inState = async () =>
    (await history.db.selectFrom('mastery').select('in_state').execute()).map(row => row.in_state)
  await expect.poll(inState, soon).toEqual([false])
  const catchUp = async () => progress.catchUp?.({ history, state: stage.ports.state })
  expect(await catchUp(), 'its worker may be about to write it').toBe(0)
  await sql`update mastery set computed_at = computed_at - interval '1 minute'`.execute(history.db)
  await expect(catchUp()).rejects.toMatchObject({ code: 'DEPENDENCY_DOWN' })
  expect(await state.get(key)).toBeUndefined()
  down = false
  expect(await catchUp()).toBe(1)
  expect((await state.get<StoredMastery>(key))?.value).toMatchObject({ module: 'basics', bank_version: 'bank-1' })
  expect(await inState()).toEqual([true])
  expect(await catchUp()).toBe(0)
  const newer = at('2099-01-01T00:00:00.000Z', 90)
  await keepNewest(state, key, newer)
  await sql`update mastery set in_state = false`.execute(history.db)
  expect(await catchUp()).toBe(1)
  expect((await state.get<StoredMastery>(key))?.value).toEqual(newer)
})

test('a grade of a student who was erased meanwhile leaves nothing behind', async () => {
  await using stage = await openStage()
  stage.ports.bank = bank
  const { history, state } = stage.ports
  const known = {
    submission_id: crypto.randomUUID(),
    exercise_id: 'square',
    exercise_version: 1,
    module: 'basics',
    attempt: 1,
  } as const
  const event = submissionGraded.of(
    'ann',
    { ...known, verdict: 'passed', score: 1, duration_ms: 1 },
    { key: [known.submission_id, 1], source: '/agents/exercise' },
  )
  expect(await progress.consumes['submission.graded']?.(event, { ...stage.ports, history, state, bank })).toEqual({})
  expect(await state.get(key)).toBeUndefined()
})

test('a worker that lost its lease writes nothing, also not to the state store', async () => {
  await using stage = await openStage()
  stage.ports.bank = bank
  stage.relay()
  await stage.work(grader(async event => passed(event)))
  // Another worker takes the lane over while the first one is computing.
  const consume = progress.consumes['submission.graded']
  let taken = false
  const overtaken = defineAgent({
    ...progress,
    answersQuestions: false,
    consumes: {
      'submission.graded': async (event, ports) => {
        const outcome = (await consume?.(event, ports)) ?? {}
        await sql`update lane set fence = fence + 1 where consumer = 'progress'`.execute(stage.history.db)
        taken = true
        return outcome
      },
    },
  })
  const overtakenWorker = await stage.work(overtaken)
  await stage.submit('ann')
  await expect.poll(() => taken, soon).toBe(true)
  await overtakenWorker[Symbol.asyncDispose]()
  expect(await stage.ports.state.get(key)).toBeUndefined()
  expect(await stage.history.db.selectFrom('mastery').selectAll().execute()).toEqual([])
})
