import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { DeadLetter } from '../../schemas/dead-letter.ts'
import { readLetters } from '../../platform/log/dead-letters.ts'
import { partitionOf } from '../../schemas/partitioner.ts'
import { deadLetterQueue, learningEvents } from '../../schemas/topics.ts'
import type { CheckResult } from '../check.ts'
import { defineOutage } from '../outage.ts'
import type { LocalTestPlatform } from '../test-platform-local.ts'
import { topicSettings } from '../topic-settings.ts'

const right = 'def square(n): return n * n'
const onwardMs = 5_000
const heldMs = 10_000
const endMs = 30_000

/** Publishes a record that is not an event under a student's key, and returns its value. */
async function poison({ probe }: LocalTestPlatform, key: string): Promise<string> {
  const value = JSON.stringify({ poison: randomUUID() })
  await probe.operate('kafka-topics/produce', { topic: learningEvents.name, key, value })
  return value
}

const lettersOf = async ({ stores }: LocalTestPlatform, value: string): Promise<DeadLetter[]> =>
  (await readLetters(stores, {})).filter(letter => letter.value === value)

/** Milliseconds from the acceptance of a request to its receipt by the agent. */
async function underwayMs({ stores: { history } }: LocalTestPlatform, requestId: string): Promise<number> {
  const { rows } = await sql<{
    ms: number
  }>`select extract(epoch from received_at - created_at)::float8 * 1000 as ms from inbox, request
    where request_id = ${requestId} and consumer = 'exercise'
      and inbox.event->'data'->>'submission_id' = ${requestId}`.execute(history.db)
  return rows[0]?.ms ?? Number.NaN
}

async function isolated(platform: LocalTestPlatform): Promise<CheckResult> {
  const id = platform.probe.newStudent()
  const value = await poison(platform, id)
  const client = platform.probe.client({ student: id })
  const { request_id } = await client.submit('square', right, 'after')
  const { status } = await client.ended(request_id, endMs)
  const [ms, letters] = [await underwayMs(platform, request_id), await lettersOf(platform, value)]
  const kept = letters.length > 0 && letters.every(letter => letter.key === id && letter.code === 'INVALID_INPUT')
  const measured =
    `${letters.length} dead letters under its key; ` +
    `the event behind it was received after ${ms.toFixed(0)} ms and is ${status}`
  return { ok: kept && status === 'done' && Number.isFinite(ms), late: ms >= onwardMs, measured }
}

/**
 * The dead-letter topic accepts no writes while a bad event arrives: the event's partition must wait, the others must
 * go on, and nothing may be skipped afterwards.
 */
async function unwritable(platform: LocalTestPlatform): Promise<CheckResult> {
  const { probe, topology, stores } = platform
  const student = probe.newStudent()
  const partition = partitionOf(student, learningEvents.partitions)
  const [held, other] = [probe.client({ student }), probe.client({ student: elsewhere(platform, partition) })]
  const settings = topicSettings(topology)
  await settings.change(deadLetterQueue, { 'max.message.bytes': 1 })
  await using repair = new AsyncDisposableStack()
  repair.defer(async () => settings.change(deadLetterQueue, {}))
  const alarmsBefore = await alarmsOf(platform)
  const value = await poison(platform, student)
  const { request_id } = await held.submit('square', right, 'behind')
  const beside = await other.ended((await other.submit('square', right, 'beside')).request_id, endMs)
  await sleep(heldMs)
  const lag = (await stores.log.lag(learningEvents.name, 'exercise')).find(one => one.partition === partition)?.lag ?? 0
  const [behind, early, alarms] = [
    await held.request(request_id),
    await lettersOf(platform, value),
    (await alarmsOf(platform)) - alarmsBefore,
  ]
  await repair.disposeAsync()
  const after = await held.ended(request_id, endMs)
  const late = await lettersOf(platform, value)
  const waited = lag > 0 && behind.status === 'queued' && early.length === 0 && alarms > 0
  const measured =
    `its partition waited with ${lag} records (${behind.status}) and ${alarms} alarms, another went on ` +
    `(${beside.status}); afterwards ${after.status}, ${late.length} dead letters`
  return { ok: waited && beside.status === 'done' && after.status === 'done' && late.length > 0, measured }
}

/** A student whose events are on another partition. */
function elsewhere({ probe }: LocalTestPlatform, partition: number): string {
  for (;;) {
    const id = probe.newStudent()
    if (partitionOf(id, learningEvents.partitions) !== partition) return id
  }
}

/** How often the agent's log reports that it is waiting. */
async function alarmsOf({ probe, namesOf }: LocalTestPlatform): Promise<number> {
  const [name] = namesOf('exercise')
  return (
    await probe.operate<{ matched: number }>('incident-triage/logs', { process: name, grep: 'its partition waits' })
  ).matched
}

export const deadLetterOutages = [
  defineOutage({
    id: 'log.poison',
    claim:
      'an event that is none goes to the dead letters under its key, and its partition goes on within ' +
      `${onwardMs / 1_000} s`,
    quick: true,
    run: isolated,
  }),
  defineOutage({
    id: 'log.dead-letters-unwritable',
    claim:
      'while dead letters cannot be written the partition of a bad event waits and says so, the others go ' +
      'on, and nothing is skipped',
    quick: true,
    run: unwritable,
  }),
] as const
