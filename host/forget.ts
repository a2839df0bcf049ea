import { type RawBuilder, sql } from 'kysely'
import { enqueueEvents } from '../agents/outbox.ts'
import type { ErasedList } from '../platform/history/erased-list.ts'
import { replayGroup } from '../platform/log/dead-letters.ts'
import { readRange } from '../platform/log/read-range.ts'
import type { EventLog, Message } from '../platform/ports/event-log.ts'
import type { History } from '../platform/ports/history.ts'
import { DeadLetter } from '../schemas/dead-letter.ts'
import { struggleCleared } from '../schemas/events.ts'
import { partitionOf } from '../schemas/partitioner.ts'
import { deadLetterQueue, learningEvents, type Topic } from '../schemas/topics.ts'
import { agentNames } from '../schemas/words.ts'

/** For so long after somebody was erased the log keeps no more than it must. */
const dayHours = 25
const hourMs = 3_600_000
/** In hours after an erasure: an agent that has not read on by then gets what it waits for from the history. */
const patienceHours = 20

interface Deps {
  history: History
  log: Pick<EventLog, 'lag' | 'read' | 'publish' | 'forget'>
  erased: ErasedList
  /** In ms: what is younger may still be read again by an agent that did not store it. */
  youngMs?: number
}

/**
 * Takes what the log holds of the erased out of a log that cannot delete single records: all that every agent has read,
 * and letters of theirs. Others' letters are written again, and each partition gets a record that says nothing, so that
 * the file with what was deleted is closed and goes. Returns whether there was anything to do.
 * @throws DEPENDENCY_DOWN when the log or the history does not answer.
 */
export async function forgetErased({ history, log, erased, youngMs = hourMs }: Deps): Promise<boolean> {
  if (log.forget === undefined) return false
  const since = await hoursSinceErasure(history)
  if (since === undefined) return false
  const groups = since > patienceHours ? [] : agentNames
  await log.forget(learningEvents.name, await readByAll(log, groups), new Date(Date.now() - youngMs))
  await forgetLetters(log, erased)
  await history.transaction(async trx => enqueueEvents(trx, fillers(learningEvents)))
  return true
}

/** Hours since the first erasure of the last day. */
async function hoursSinceErasure({ db }: History): Promise<number | undefined> {
  const hours: RawBuilder<number | null> = sql`extract(epoch from now() - min(at))::float / 3600`
  const { since } = await db
    .selectFrom('audit')
    .select(hours.as('since'))
    .where('action', '=', 'student.erase')
    .where('at', '>', sql<Date>`now() - make_interval(hours => ${dayHours})`)
    .executeTakeFirstOrThrow()
  return since ?? undefined
}

/** Per partition the offset up to which each of the groups has read; without groups its end. */
async function readByAll(log: Deps['log'], groups: readonly string[]): Promise<Map<number, string>> {
  const ends = new Map<number, string>()
  const all = await Promise.all(
    (groups.length === 0 ? [replayGroup] : groups).map(async group => log.lag(learningEvents.name, group)),
  )
  for (const { partition, end, committed } of all.flat()) {
    const read = groups.length === 0 ? end : committed
    const known = ends.get(partition)
    if (known === undefined || BigInt(read) < BigInt(known)) ends.set(partition, read)
  }
  return ends
}

/** A letter is known by the record that it is about, so one that is written again is the same. */
async function forgetLetters(log: Deps['log'], erased: ErasedList): Promise<void> {
  const topic = deadLetterQueue.name
  for (const { partition, committed, end } of await log.lag(topic, replayGroup)) {
    if (BigInt(end) <= BigInt(committed)) continue
    const kept = new Map<string, Message>()
    const range = { topic, partition, group: replayGroup, from: BigInt(committed), to: BigInt(end) }
    for await (const { key, value } of readRange(log, range))
      if (!isOfErased(erased, key, value)) kept.set(value, { key, value })
    await log.publish(topic, [...kept.values()])
    await log.forget?.(topic, new Map([[partition, end]]))
  }
}

function isOfErased(erased: ErasedList, key: string, value: string): boolean {
  const at = erased.erasedAt(key)
  const letter = DeadLetter.safeParse(at === undefined ? undefined : JSON.parse(value))
  return at !== undefined && !(letter.success && new Date(letter.data.time) > at)
}

/** An event for each partition that no agent takes. */
const fillers = ({ partitions }: Topic) =>
  Array.from({ length: partitions }, (_, wanted) => {
    let at = 0
    while (partitionOf(`synthetic-filler-${at}`, partitions) !== wanted) at += 1
    const key = ['filler', String(wanted), new Date().toISOString()]
    return struggleCleared.of(
      `synthetic-filler-${at}`,
      { exercise_id: null, evidence: [] },
      { key, source: '/toolkit' },
    )
  })
