import { sql, type Transaction } from 'kysely'
import type * as z from 'zod'
import type { ExerciseRetired, ExerciseVersions } from '../schemas/api.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Tables } from '../platform/history/tables.ts'
import { type Caller, forbidden } from './auth.ts'
import type { Context } from './context.ts'

/** @throws FORBIDDEN */
export function mustOwn({ sub, role }: Caller, owner: string, id: string): void {
  if (sub !== owner && role !== 'operator') throw forbidden(`${id} was added by somebody else`)
}

/** Notes in the audit who did what, in the transaction that does it. */
export async function noteIn(
  trx: Transaction<Tables>,
  { sub }: Caller,
  action: string,
  subject: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await trx
    .insertInto('audit')
    .values({ actor: sub, action, subject, detail: JSON.stringify(detail) })
    .execute()
}

/** The error for an exercise that nobody added. */
export const unknown = (id: string): PlatformError =>
  new PlatformError('NOT_FOUND', `nobody added an exercise ${id}`, {
    hint: 'GET /api/v1/exercises lists all; those of the bank itself are files.',
  })

/** @throws NOT_FOUND, FORBIDDEN */
export async function retire(
  { ports, bank }: Context,
  author: Caller,
  id: string,
): Promise<z.infer<typeof ExerciseRetired>> {
  await ports.history.transaction(async trx => {
    const row = await trx
      .selectFrom('exercise')
      .select('owner')
      .where('exercise_id', '=', id)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (row === undefined) throw unknown(id)
    mustOwn(author, row.owner, id)
    const retired = await trx
      .updateTable('exercise')
      .set({ retired_at: sql<Date>`now()` })
      .where('exercise_id', '=', id)
      .where('retired_at', 'is', null)
      .returning('version')
      .execute()
    if (retired.length > 0)
      await noteIn(trx, author, 'exercise.retire', id, { versions: retired.map(({ version }) => version) })
  })
  await bank.refresh()
  return { id, retired: true }
}

/** @throws NOT_FOUND, FORBIDDEN */
export async function versionsOf(
  { ports }: Context,
  author: Caller,
  id: string,
): Promise<z.infer<typeof ExerciseVersions>> {
  const rows = await ports.history.db
    .selectFrom('exercise')
    .selectAll()
    .where('exercise_id', '=', id)
    .orderBy('version', 'desc')
    .execute()
  const [newest] = rows
  if (newest === undefined) throw unknown(id)
  mustOwn(author, newest.owner, id)
  return {
    id,
    versions: rows.map(({ version, owner, added_at, retired_at }) => ({
      version,
      owner,
      added_at: added_at.toISOString(),
      retired_at: retired_at?.toISOString() ?? null,
    })),
  }
}
