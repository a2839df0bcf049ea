import { sql } from 'kysely'
import { topics } from '../schemas/topics.ts'
import type { Config } from '../platform/config.ts'
import { idsIn } from '../platform/history/erase-rows.ts'
import { readErasedList } from '../platform/history/erased-list.ts'
import { reclaim, scrub } from '../platform/history/scrub.ts'
import { studentTables } from '../platform/history/student-tables.ts'
import type { Ports } from '../platform/open.ts'
import { dataPaths } from '../platform/owner/data-folder.ts'
import type { History } from '../platform/ports/history.ts'
import { eraseState } from '../api/erase.ts'
import { keptDays, lockStudent } from '../api/idempotency.ts'
import { forgetErased } from './forget.ts'
import { startRepeating } from './repeat.ts'

const pollMs = 3_600_000
/** The maximum of rows that one statement deletes, so that nobody waits long for its locks. */
const batch = 5_000
/**
 * Longer than the log keeps an event: as long as an event can be delivered again, its inbox row is kept, so that the
 * event is known.
 */
const inboxDays = 8
/** Longer than Kafka keeps a letter: it deletes whole segments, so a record may stay for twice its topic's retention. */
const decisionDays = 30
/** As long as an answer can be delivered again. */
const modelCallDays = inboxDays

/**
 * Deletes what has expired: finished inbox rows, stored answers to idempotency keys, records past their topic's
 * retention (only those of the embedded log, since Kafka deletes its own), and expired state. The history of a student
 * is never deleted by age. Returns the number of rows deleted, by table.
 */
export async function cleanUp(history: History): Promise<Record<string, number>> {
  const old = (column: string, days: number) => sql`${sql.ref(column)} < now() - make_interval(days => ${days})`
  const deleted: Record<string, number> = {}
  const remove = async (table: string, where: ReturnType<typeof sql>): Promise<void> => {
    for (;;) {
      const { numAffectedRows = 0n } = await sql`
        delete from ${sql.table(table)} where ctid = any(array(select ctid from ${sql.table(table)} where ${where}
          limit ${batch}))`.execute(history.db)
      deleted[table] = (deleted[table] ?? 0) + Number(numAffectedRows)
      if (numAffectedRows < batch) return
    }
  }
  await remove('inbox', sql`state <> 'queued' and ${old('finished_at', inboxDays)}`)
  await remove('idempotency_key', old('created_at', keptDays))
  await remove('model_call', old('called_at', modelCallDays))
  await remove('letter_decision', old('decided_at', decisionDays))
  await remove('class_invitation', sql`expires_at < now()`)
  await remove('state_entry', sql`expires_at < now()`)
  for (const { name, retention_ms } of topics)
    await remove('log_record', sql`topic = ${name} and at < now() - make_interval(secs => ${retention_ms / 1_000})`)
  return deleted
}

/** What the janitor works on; `reclaims`: no autovacuum looks after the database. */
export type JanitorDeps = Pick<Ports, 'history' | 'state' | 'rewriteState' | 'log' | 'logger'> & {
  config: Config
  reclaims: boolean
}

/** Cleans up at once and then every hour until it is disposed. */
export const startJanitor = (deps: JanitorDeps): AsyncDisposable =>
  startRepeating(pollMs, async () =>
    tidy(deps).then(
      deleted => deps.logger.debug(deleted, 'cleaned up'),
      (error: unknown) => deps.logger.warn({ err: error }, 'the clean-up will be tried again in an hour'),
    ),
  )

/** One round of the janitor: what has expired goes, and of the erased every byte. Returns the rows deleted by age. */
export async function tidy(deps: JanitorDeps): Promise<Record<string, number>> {
  const { history } = deps
  const deleted = await cleanUp(history)
  await eraseLate(deps)
  try {
    await forgetErased({ history, log: deps.log, erased: await readErasedList(backupsOf(deps.config)) })
  } finally {
    // Whatever the log says, the history gives up its own.
    if (await erasedSinceScrub(history)) await scrubNow(deps)
    else if (deps.reclaims) await reclaim(history)
  }
  return deleted
}

/** Whether a student was erased after the files were last rewritten. */
async function erasedSinceScrub({ db }: History): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    select coalesce(max(audit_id) filter (where action = 'student.erase'), 0)
      > coalesce(max(audit_id) filter (where action = 'history.scrub'), 0) as due
    from audit where action in ('student.erase', 'history.scrub')`.execute(db)
  return rows[0]?.due === true
}

async function scrubNow({ history, rewriteState, logger }: JanitorDeps): Promise<void> {
  // Noted before, because a student who is erased meanwhile needs another round.
  const note = { actor: 'janitor', action: 'history.scrub', subject: 'history', detail: '{}' }
  const { audit_id } = await history.db.insertInto('audit').values(note).returning('audit_id').executeTakeFirstOrThrow()
  try {
    const left = await scrub(history)
    if (left.length > 0) logger.warn({ tables: left }, 'too large to be rewritten: deleted rows stay in their files')
    const refused = (await rewriteState?.()) ?? []
    if (refused.length > 0)
      logger.warn({ refused }, 'Redis keeps what was deleted until it rewrites its files by itself')
  } catch (error) {
    await history.db.deleteFrom('audit').where('audit_id', '=', audit_id).execute()
    throw error
  }
}

const backupsOf = (config: Config): string => dataPaths(config.LEARNFLOW_DATA_DIR).backups

/** Tables that work in hand may have filled after its student was erased. */
const lateTables = new Set(['log_record', 'outbox', 'inbox', 'lane', 'mastery', 'model_call'])

/** Erases what work in hand has stored of a student who was erased meanwhile and has not come back. */
async function eraseLate({ history, state, config }: JanitorDeps): Promise<void> {
  const list = await readErasedList(backupsOf(config))
  if (!list.anyAfter(new Date(Date.now() - inboxDays * 86_400_000))) return
  const tables = (await studentTables(history.db)).filter(({ name }) => lateTables.has(name))
  for (const id of await idsIn(history.db, tables)) {
    const at = list.erasedAt(id)
    if (at === undefined) continue
    const gone = await history.transaction(async trx => {
      await lockStudent(trx, id)
      const back = await trx
        .selectFrom('request')
        .select('request_id')
        .where('student_id', '=', id)
        .where('created_at', '>', at)
        .limit(1)
        .executeTakeFirst()
      const late = back === undefined ? sql`true` : sql`at <= ${at}`
      for (const { name, of } of tables)
        if (back === undefined || name === 'log_record')
          await sql`delete from ${sql.table(name)} where ${of(id)} and ${late}`.execute(trx)
      return back === undefined
    })
    if (gone) await eraseState({ state }, id)
  }
}
