import { randomUUID } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openMigrated } from '../platform/drivers/embedded/test-engine.ts'
import type { History } from '../platform/ports/history.ts'
import { orderOf } from '../bench/order.ts'
import { isConsistent, auditEffects } from './audit.ts'

// Negative controls for the counts used by outages and benchmarks: each error is planted in a history and must be
// found.

const stack = new AsyncDisposableStack()
let history: History
const ids = Array.from({ length: 3 }, () => randomUUID())
const [first = '', second = '', third = ''] = ids
const truth = async () => auditEffects(history.db, { accepted: ids, students: ['ann'], keys: ids.length })
const run = async (...statements: RawBuilder<unknown>[]): Promise<void> => {
  for (const statement of statements) await statement.execute(history.db)
}
const grade = (id: string, attempt: number, at: string, version = 1) =>
  sql`insert into grade (submission_id, exercise_version, student_id, exercise_id, module, attempt, verdict, score,
      duration_ms, notes, tests, seed, graded_at)
    values (${id}, ${version}, 'ann', 'square', 'basics', ${attempt}, 'passed', 1, 1, '[]', '[]', '1',
      ${at}::timestamptz)`
const done = (id: string) => sql`insert into request_event (request_id, type, data) values (${id}, 'done', '{}')`

beforeAll(async () => {
  history = stack.use(await openMigrated())
})
afterAll(async () => stack.disposeAsync())

/** Three submissions of Ann, each graded and closed once, in order. */
beforeEach(async () => {
  await run(sql`truncate request, request_event, submission, grade, inbox cascade`)
  for (const [at, id] of ids.entries())
    await run(
      sql`insert into request (request_id, student_id, kind, agent, status, traceparent)
        values (${id}, 'ann', 'submission', 'exercise', 'done', '')`,
      sql`insert into submission (submission_id, student_id, exercise_id, exercise_version, attempt, code)
        values (${id}, 'ann', 'square', 1, ${at + 1}, '')`,
      grade(id, at + 1, `2026-01-01T00:00:0${at}Z`),
      done(id),
    )
})

test('a history without a fault is whole', async () => {
  const found = await truth()
  expect(found).toEqual({ accepted: 3, lost: 0, dead: 0, twice: 0, out_of_order: 0, surplus: 0 })
  expect(isConsistent(found)).toBe(true)
})

test.each<[string, RawBuilder<unknown>[], object]>([
  ['a submission without a grade', [sql`delete from grade where submission_id = ${second}`], { lost: 1 }],
  [
    'an accepted submission that is not there at all',
    [sql`delete from request where request_id = ${third}`],
    { lost: 1 },
  ],
  ['a request that was closed twice', [done(first)], { twice: 1 }],
  [
    'grades in the wrong order',
    [sql`update grade set graded_at = '2026-01-01T00:00:09Z' where submission_id = ${second}`],
    { out_of_order: 1 },
  ],
  [
    'a submission that nobody was told of',
    [
      sql`insert into request (request_id, student_id, kind, agent, traceparent)
        values ('00000000-0000-4000-8000-000000000000', 'ann', 'submission', 'exercise', '')`,
      sql`insert into submission (submission_id, student_id, exercise_id, exercise_version, attempt, code)
        values ('00000000-0000-4000-8000-000000000000', 'ann', 'square', 1, 9, '')`,
    ],
    { surplus: 1 },
  ],
])('%s is found', async (_, damage, expected) => {
  await run(...damage)
  const found = await truth()
  expect(found).toMatchObject(expected)
  expect(isConsistent(found)).toBe(false)
})

test('a dead letter is an end, and is told', async () => {
  await run(
    sql`delete from grade where submission_id = ${second}`,
    sql`update request set status = 'failed' where request_id = ${second}`,
  )
  expect(await truth()).toMatchObject({ lost: 0, dead: 1 })
})

/** Numbered events of Ann and Bob, as an agent received (`positions`) and finished them. */
const inbox = async (worked: readonly [lane: string, number: number, finished: number | null][]): Promise<void> => {
  for (const [at, [lane, number, finished]] of worked.entries())
    await run(
      sql`insert into inbox (consumer, idempotencykey, lane, event, topic, log_partition, log_offset, state,
          finished_at)
        values ('triage', ${`${lane} ${number} ${at}`}, ${lane},
          ${JSON.stringify({ data: { text: String(number) } })}::jsonb, 'learning.events', 0, ${String(at)},
          ${finished === null ? 'queued' : 'done'},
          timestamptz '2026-01-01' + coalesce(${finished}::int, 0) * interval '1 second')`,
    )
}

test.each<[string, Parameters<typeof inbox>[0], object]>([
  [
    'nothing is wrong',
    [
      ['ann', 0, 0],
      ['ann', 1, 1],
      ['bob', 0, 9],
      ['bob', 1, 9],
    ],
    { lost: 0, received_out_of_order: 0, worked_out_of_order: 0 },
  ],
  [
    'an event is missing',
    [
      ['ann', 0, 0],
      ['ann', 1, 1],
      ['bob', 0, 2],
    ],
    { lost: 1 },
  ],
  [
    'an event is not worked',
    [
      ['ann', 0, 0],
      ['ann', 1, 1],
      ['bob', 0, 2],
      ['bob', 1, null],
    ],
    { lost: 1 },
  ],
  [
    'events were received in another order',
    [
      ['ann', 1, 1],
      ['ann', 0, 0],
      ['bob', 0, 2],
      ['bob', 1, 3],
    ],
    { received_out_of_order: 2, worked_out_of_order: 0 },
  ],
  [
    'events were worked in another order',
    [
      ['ann', 0, 1],
      ['ann', 1, 0],
      ['bob', 0, 2],
      ['bob', 1, 3],
    ],
    { received_out_of_order: 0, worked_out_of_order: 2 },
  ],
])('order: %s', async (_, worked, expected) => {
  await inbox(worked)
  expect(await orderOf({ history }, 4)).toMatchObject(expected)
})
