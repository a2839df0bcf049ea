import { sql } from 'kysely'
import type { History } from '../../platform/ports/history.ts'

/**
 * What came of an answer that a model was to word. `asked`: not known yet, or its process died; `late`: the student has
 * waited long enough; `over_budget`: the student's calls of the day are used up.
 */
export const wordingOutcomes = [
  'worded',
  'refused',
  'timed_out',
  'failed',
  'circuit_open',
  'late',
  'over_budget',
  'asked',
] as const
export type WordingOutcome = (typeof wordingOutcomes)[number]

/** Which answer is to be worded; `key` is the same whenever it is delivered again. */
export interface Call {
  key: string
  studentId: string
  answerHash: string
}

/** In these nothing was sent: they cost no budget, and another delivery may ask. */
const unsent = ['circuit_open', 'late', 'over_budget'] as const

/**
 * Takes a call from the budget of the student's UTC day, by the database's clock and exact also among processes. `asked`:
 * the caller asks the model. An answer that was asked for before is not asked for again: `reply` is what was shown then,
 * null for the plain text.
 */
export async function takeCall(
  { transaction }: Pick<History, 'transaction'>,
  { key, studentId, answerHash }: Call,
  callsPerDay: number,
): Promise<'asked' | 'over_budget' | { reply: string | null }> {
  return transaction(async trx => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`model:${studentId}`}, 0))`.execute(trx)
    const { rows } = await sql<{ outcome: 'asked' | 'over_budget' }>`
      insert into model_call (call_key, student_id, day, outcome, answer_hash)
      select ${key}, ${studentId}, today.day, case when count(model_call.call_key) < ${callsPerDay}::int
        then 'asked' else 'over_budget' end, ${answerHash}
      from (select (now() at time zone 'utc')::date as day) today
      left join model_call on student_id = ${studentId} and model_call.day = today.day
        and outcome not in (${sql.join(unsent)})
      group by today.day
      on conflict (call_key) do update set day = excluded.day, outcome = excluded.outcome,
        answer_hash = excluded.answer_hash, called_at = now()
      where model_call.outcome in (${sql.join(unsent)})
      returning outcome`.execute(trx)
    const [taken] = rows
    if (taken !== undefined) return taken.outcome
    const before = await trx
      .selectFrom('model_call')
      .select('reply')
      .where('call_key', '=', key)
      .where('answer_hash', '=', answerHash)
      .executeTakeFirst()
    return { reply: before?.reply ?? null }
  })
}

/** Notes an answer that came too late to be worded, unless it was asked for before. */
export async function noteLate({ db }: Pick<History, 'db'>, { key, studentId, answerHash }: Call): Promise<void> {
  await sql`insert into model_call (call_key, student_id, day, outcome, answer_hash)
    values (${key}, ${studentId}, (now() at time zone 'utc')::date, 'late', ${answerHash})
    on conflict (call_key) do nothing`.execute(db)
}

/** Stores what came of a call; `reply` is the text to show where it was worded. */
export async function settleCall(
  { db }: Pick<History, 'db'>,
  key: string,
  { outcome, reason, reply }: { outcome: WordingOutcome; reason: string | null; reply: string | null },
): Promise<void> {
  await db.updateTable('model_call').set({ outcome, reason, reply }).where('call_key', '=', key).execute()
}
