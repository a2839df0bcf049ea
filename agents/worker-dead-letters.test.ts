import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { PlatformError } from '../platform/errors.ts'
import { readLetters } from '../platform/log/dead-letters.ts'
import { replayLetters } from '../platform/log/replay-letters.ts'
import { partitionOf } from '../schemas/partitioner.ts'
import { learningEvents } from '../schemas/topics.ts'
import { grader, openStage, passed, received, type Stage } from './test-stage.ts'

const soon = { interval: 20 }
const refused = new PlatformError('EXERCISE_FAULTY', 'the exercise is broken', { hint: 'Mend its file.' })

const lagOf = async ({ log }: Stage) =>
  (await log.lag(learningEvents.name, 'exercise')).reduce((sum, { lag }) => sum + lag, 0)

test('a replayed dead letter is worked again and its request ends done; a redelivered one is not', async () => {
  await using stage = await openStage()
  let broken = true
  let calls = 0
  stage.relay()
  const agent = grader(async event => ((calls += 1), broken ? Promise.reject(refused) : passed(event)))
  const first = await stage.work(agent)
  const id = await stage.submit('ann')
  await expect.poll(async () => readLetters(stage, {}), soon).toHaveLength(1)
  await first[Symbol.asyncDispose]()
  await sql`delete from log_commit where group_name = 'exercise'`.execute(stage.history.db)
  await stage.work(agent)
  await expect.poll(async () => lagOf(stage), soon).toBe(0)
  expect({ calls, status: await stage.statusOf(id) }).toEqual({ calls: 1, status: 'failed' })
  broken = false
  const letters = await readLetters(stage, { code: 'EXERCISE_FAULTY' })
  expect(await replayLetters(stage.history, letters, 'tina')).toHaveLength(1)
  await expect.poll(async () => stage.statusOf(id), soon).toBe('done')
  expect(calls).toBe(2)
  expect(await readLetters(stage, { state: 'waiting' })).toEqual([])
  const { rows } = await sql<{
    type: string
  }>`select type from request_event where request_id = ${id} order by event_id`.execute(stage.history.db)
  expect(rows.map(row => row.type)).toEqual(['queued', 'working', 'failed', 'queued', 'working', 'done'])
})

test('an event of a request that nobody made leaves a letter, unless somebody was erased since', async () => {
  await using stage = await openStage()
  stage.relay()
  await stage.work(grader(async event => passed(event)))
  await stage.publish(received('nobody'))
  await expect.poll(async () => readLetters(stage, {}), soon).toMatchObject([{ code: 'NOT_FOUND', key: 'nobody' }])
  const note = { actor: 'operator', action: 'student.erase', subject: 'erased:1', detail: '{}' }
  await stage.history.db.insertInto('audit').values(note).execute()
  await stage.publish(received('gone'))
  const state = async () =>
    (await stage.history.db.selectFrom('inbox').select('state').where('lane', '=', 'gone').executeTakeFirst())?.state
  await expect.poll(state, soon).toBe('cancelled')
  expect(await readLetters(stage, { student: 'gone' })).toEqual([])
})

test('a record that is no event of ours goes to the dead letters and its partition goes on', async () => {
  await using stage = await openStage()
  await stage.work(grader(async event => passed(event)))
  const key = 'ann'
  await stage.log.publish(learningEvents.name, [{ key, value: '{"type":"submission.received"' }])
  await stage.publish(received(key, await stage.submit(key)))
  const ended = async () =>
    stage.history.db.selectFrom('inbox').select('state').where('state', '<>', 'queued').execute()
  await expect.poll(ended, soon).toHaveLength(1)
  expect(await readLetters(stage, {})).toMatchObject([
    { code: 'INVALID_INPUT', partition: partitionOf(key, learningEvents.partitions) },
  ])
})
