import { sql } from 'kysely'
import type { History } from '../platform/ports/history.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Caller } from './auth.ts'

/**
 * Makes the function that stores who calls as a teacher or an operator, once per process and beside the request, so
 * that no teacher is enrolled as a student. A failure leaves it for the next call.
 */
export function staffRecorder(history: () => History): (caller: Caller) => void {
  const known = new Set<string>()
  return ({ sub: subject, role }) => {
    const name = `${role} ${subject}`
    if (role === 'student' || known.has(name)) return
    known.add(name)
    void sql`insert into staff (subject, role) values (${subject}, ${role})
      on conflict (subject) do update set role = excluded.role where staff.role <> excluded.role`
      .execute(history().db)
      .catch(() => known.delete(name))
  }
}

/** @throws INVALID_INPUT naming every id that belongs to a teacher or an operator. */
export async function demandNoStaff(db: Pick<History['db'], 'selectFrom'>, ids: readonly string[]): Promise<void> {
  const rows = await db
    .selectFrom('staff')
    .select(['subject', 'role'])
    .where(sql<boolean>`subject = any(${ids}::text[])`)
    .orderBy('subject')
    .execute()
  if (rows.length > 0)
    throw new PlatformError(
      'INVALID_INPUT',
      rows.map(({ subject, role }) => `${subject} is ${role === 'teacher' ? 'a teacher' : 'an operator'}`).join('; '),
      { hint: 'Only students are in a class; what a teacher teaches is in the claim `classes` of their token.' },
    )
}
