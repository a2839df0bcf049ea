import { sql } from 'kysely'
import { DeadLetter, type Letter, type LetterState } from '../../schemas/dead-letter.ts'
import { deadLetterQueue } from '../../schemas/topics.ts'
import { isSynthetic } from '../../schemas/words.ts'
import { PlatformError } from '../errors.ts'
import type { EventLog, LogRecord, PartitionLag } from '../ports/event-log.ts'
import type { History } from '../ports/history.ts'
import { deadLetter } from './deliver.ts'
import { readRange } from './read-range.ts'

/** The consumer group by which earlier versions marked what they had replayed: nothing before it waits. */
export const replayGroup = 'replay'

/** Where the letters stand, and what was decided about them. */
export interface LetterPorts {
  log: Pick<EventLog, 'lag' | 'read'>
  history: Pick<History, 'db'>
}

/** Which letters: those that match every field that is set. `synthetic`: only letters of checks, or only others. */
export interface LetterFilter {
  state?: LetterState | undefined
  code?: string | undefined
  group?: string | undefined
  student?: string | undefined
  /** ISO time: refused then or later. */
  since?: string | undefined
  synthetic?: boolean | undefined
  letter?: string | undefined
}

/** The identity of the letter of a row of `letter_decision`. */
const identity = sql.raw(
  ['topic', 'log_partition', 'log_offset', 'consumer'].map(name => `letter_decision.${name}`).join(" || '/' || "),
)

/** The identity of a letter: the refused record and the group that refused it. */
export const letterId = ({ topic, partition, offset, group }: DeadLetter): string =>
  `${topic}/${partition}/${offset}/${group}`

/**
 * Every letter that matches, oldest first, one for each identity: the newest when a group has refused its record again.
 * It reads the whole topic, so that nothing is hidden behind others, and writes nothing.
 * @throws DEPENDENCY_DOWN when the log or the history does not answer.
 */
export async function readLetters({ log, history }: LetterPorts, filter: LetterFilter): Promise<Letter[]> {
  const newest = new Map<string, DeadLetter>()
  for (const position of await log.lag(deadLetterQueue.name, replayGroup))
    for await (const letter of lettersAt(log, position)) {
      const known = newest.get(letterId(letter))
      if (known === undefined || known.time < letter.time) newest.set(letterId(letter), letter)
    }
  const decided = await decisions(history)
  return [...newest]
    .map(([letter, refusal]): Letter => ({
      letter,
      ...stateOf(refusal, decided.get(letter)),
      synthetic: isSynthetic(refusal.key),
      ...refusal,
    }))
    .filter(letter => matches(letter, filter))
    .toSorted((one, other) => compare(placeIn(one), placeIn(other)))
}

/** A page of sorted letters after the cursor `after`; `next` is the cursor of what follows. */
export function pageOf(
  letters: readonly Letter[],
  limit: number,
  after?: string,
): { letters: Letter[]; next?: string } {
  const from = after === undefined ? 0 : letters.findIndex(letter => compare(placeIn(letter), after) > 0)
  const page = from === -1 ? [] : letters.slice(from, from + limit)
  const last = page.at(-1)
  return { letters: page, ...(last === undefined || letters.at(-1) === last ? {} : { next: placeIn(last) }) }
}

/** How many letters there are of each code. */
export const countByCode = (letters: readonly Pick<Letter, 'code'>[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(letters, ({ code }) => code)].map(([code, some]) => [code, some.length]))

/**
 * Stores what was decided about letters and returns those it was stored for: one that another has just decided about is
 * not among them.
 */
export async function decide(
  db: History['db'],
  letters: readonly Letter[],
  decision: 'replayed' | 'discarded',
  by: string,
): Promise<Letter[]> {
  const given = letters.map(({ topic, partition, offset, group, time }) => ({ topic, partition, offset, group, time }))
  const { rows } = await sql<{ letter: string }>`
    insert into letter_decision (topic, log_partition, log_offset, consumer, refused_at, decision, decided_by)
      select topic, partition, "offset", "group", time, ${decision}, ${by}
        from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
          as row (topic text, partition integer, "offset" text, "group" text, time timestamptz)
    on conflict (topic, log_partition, log_offset, consumer) do update set refused_at = excluded.refused_at,
      decision = excluded.decision, decided_by = excluded.decided_by, decided_at = now()
    where letter_decision.refused_at < excluded.refused_at
    returning ${identity} as letter`.execute(db)
  return only(letters, rows)
}

/** Forgets that letters were discarded, so that they wait again; returns those. */
export async function takeBack(db: History['db'], letters: readonly Letter[]): Promise<Letter[]> {
  const { rows } = await sql<{ letter: string }>`
    delete from letter_decision where decision = 'discarded'
      and ${identity} = any(${letters.map(({ letter }) => letter)}::text[])
    returning ${identity} as letter`.execute(db)
  return only(letters, rows)
}

function only(letters: readonly Letter[], rows: readonly { letter: string }[]): Letter[] {
  const wanted = new Set(rows.map(row => row.letter))
  return letters.filter(({ letter }) => wanted.has(letter))
}

interface Decision {
  refusedAt: number
  state: 'replayed' | 'discarded'
  changed_by: string
  changed_at: string
}

async function decisions({ db }: Pick<History, 'db'>): Promise<Map<string, Decision>> {
  const rows = await db.selectFrom('letter_decision').selectAll().execute()
  return new Map(
    rows.map(row => [
      `${row.topic}/${row.log_partition}/${row.log_offset}/${row.consumer}`,
      {
        refusedAt: row.refused_at.getTime(),
        state: row.decision,
        changed_by: row.decided_by,
        changed_at: row.decided_at.toISOString(),
      },
    ]),
  )
}

/** A letter waits again when its record was refused after the decision about an earlier refusal. */
function stateOf({ time }: DeadLetter, decision: Decision | undefined): Pick<Letter, 'state'> & Partial<Letter> {
  if (decision === undefined || Date.parse(time) > decision.refusedAt) return { state: 'waiting' }
  const { state, changed_by, changed_at } = decision
  return { state, changed_by, changed_at }
}

function matches(letter: Letter, { state, code, group, student, since, synthetic, letter: id }: LetterFilter) {
  const is = <T>(wanted: T | undefined, value: T): boolean => wanted === undefined || wanted === value
  return (
    is(state, letter.state) &&
    is(code, letter.code) &&
    is(group, letter.group) &&
    is(student, letter.key) &&
    is(synthetic, letter.synthetic) &&
    is(id, letter.letter) &&
    (since === undefined || Date.parse(letter.time) >= Date.parse(since))
  )
}

/** Sorts by time, and equal times by identity. */
const placeIn = ({ time, letter }: Letter): string => `${time} ${letter}`
const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other))

async function* lettersAt(log: LetterPorts['log'], position: PartitionLag): AsyncGenerator<DeadLetter> {
  const { partition, committed, end } = position
  const range = { topic: deadLetterQueue.name, partition, group: replayGroup, from: BigInt(committed), to: BigInt(end) }
  for await (const record of readRange(log, range)) yield parseDeadLetter(record)
}

/** A record that is no dead letter of ours is shown as one about itself, so that it hides no other and is not lost. */
function parseDeadLetter(record: LogRecord): DeadLetter {
  try {
    return DeadLetter.parse(JSON.parse(record.value))
  } catch (cause) {
    const error = new PlatformError('INVALID_INPUT', 'this record of the dead-letter queue is no dead letter', {
      hint: 'Find out which program wrote it there, then discard it.',
      cause,
    })
    return { ...deadLetter(record, replayGroup, error, 1), time: new Date(0).toISOString() }
  }
}
