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
/** In hours: what an agent has not read by then it gets from the history. */
const patienceHours = 20

interface Deps {
  history: History
  log: Pick<EventLog, 'lag' | 'read' | 'publish' | 'forget'>
  erased: ErasedList
  /** In ms: what is younger may still be read again by an agent that did not store it. */
  youngMs?: number
}

/**
 * Takes what the log holds of the erased out of a log that cannot delete single records: all that every agent has read
 * or had 20 h to read, and letters of theirs. Others' letters are written again while they are kept, and each partition
 * gets a record that says nothing, so that the file with what was deleted is closed and goes. Returns whether there was anything to do.
 * @throws DEPENDENCY_DOWN when the log or the history does not answer.
 */
export async function forgetErased({ history, log, erased, youngMs = hourMs }: Deps): Promise<boolean> {
  if (log.forget === undefined) return false
  const since = await hoursSinceErasure(history)
  if (since === undefined) return false
  const before = (ageMs: number): Date => new Date(Date.now() - ageMs)
  await log.forget(learningEvents.name, await readByAll(log), before(youngMs))
  if (since > patienceHours) await log.forget(learningEvents.name, await endsOf(log), before(patienceHours * hourMs))
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

/** Per partition the offset up to which every agent has read. */
async function readByAll(log: Deps['log']): Promise<Map<number, string>> {
  const read = new Map<number, string>()
  const all = await Promise.all(agentNames.map(async group => log.lag(learningEvents.name, group)))
  for (const { partition, committed } of all.flat()) {
    const known = read.get(partition)
    if (known === undefined || BigInt(committed) < BigInt(known)) read.set(partition, committed)
  }
  return read
}

const endsOf = async (log: Deps['log']): Promise<Map<number, string>> =>
  new Map((await log.lag(learningEvents.name, replayGroup)).map(({ partition, end }) => [partition, end]))

/**
 * A letter is known by the record that it is about, so one that is written again is the same. What is no letter would
 * be another record each time, and goes; so does a letter past its time, which the log would else never give up.
 */
async function forgetLetters(log: Deps['log'], erased: ErasedList): Promise<void> {
  const topic = deadLetterQueue.name
  // A file that nothing more is written to is never closed, so that it would keep a letter that was deleted.
  await log.publish(
    topic,
    fillerKeys(deadLetterQueue).map(key => ({ key, value: '{}' })),
  )
  for (const { partition, committed, end } of await log.lag(topic, replayGroup)) {
    if (BigInt(end) <= BigInt(committed)) continue
    const kept = new Map<string, Message>()
    const range = { topic, partition, group: replayGroup, from: BigInt(committed), to: BigInt(end) }
    for await (const { key, value } of readRange(log, range))
      if (isKept(erased, key, value)) kept.set(value, { key, value })
    await log.publish(topic, [...kept.values()])
    await log.forget?.(topic, new Map([[partition, end]]))
  }
}

function isKept(erased: ErasedList, key: string, value: string): boolean {
  const written = timeOf(value)
  return written > Date.now() - deadLetterQueue.retention_ms && written > (erased.erasedAt(key)?.getTime() ?? 0)
}

/** When a letter was written, in ms since 1970; 0 for what is no letter. */
function timeOf(value: string): number {
  try {
    return Date.parse(DeadLetter.parse(JSON.parse(value)).time)
  } catch {
    return 0
  }
}

/** A key for each partition, by number. */
const fillerKeys = ({ partitions }: Topic): string[] =>
  Array.from({ length: partitions }, (_, wanted) => {
    let at = 0
    while (partitionOf(`synthetic-filler-${at}`, partitions) !== wanted) at += 1
    return `synthetic-filler-${at}`
  })

/** An event for each partition that no agent takes. */
const fillers = (topic: Topic) =>
  fillerKeys(topic).map((id, partition) => {
    const key = ['filler', String(partition), new Date().toISOString()]
    return struggleCleared.of(id, { exercise_id: null, evidence: [] }, { key, source: '/toolkit' })
  })
