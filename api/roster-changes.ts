import { createHash, randomInt } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import type { Enrolment, Invitation } from '../schemas/api-classes.ts'
import { ClassId, StudentId } from '../schemas/words.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Tables } from '../platform/history/tables.ts'
import type * as z from 'zod'
import { lockStudent } from './idempotency.ts'
import { demandNoStaff } from './staff.ts'

type Trx = Transaction<Tables>
type Status = Enrolment['status']

/** Letters and digits that nobody confuses when a code is read from a board. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
/** 59 bits. */
const codeLength = 12

const hashOf = (code: string): string =>
  createHash('sha256')
    .update(code.toUpperCase().replaceAll(/[^0-9A-Z]/g, ''))
    .digest('hex')

/** How a student stands to a class. */
export async function statusOf(trx: Trx, classId: string, studentId: string): Promise<Status> {
  return (await rosterOf(trx, classId, studentId))[0]?.status ?? 'none'
}

/** Everybody in a class and invited to it, or only this student. */
export async function rosterOf(
  trx: Pick<Trx, 'selectFrom'>,
  classId: string,
  studentId?: string,
): Promise<{ student_id: string; status: Status }[]> {
  const rows = await trx
    .selectFrom('class_member')
    .select(['student_id', statusColumn])
    .where('class_id', '=', classId)
    .where(studentId === undefined ? sql<boolean>`true` : sql<boolean>`student_id = ${studentId}`)
    .orderBy('student_id')
    .execute()
  return rows
}

/** The classes that a student has joined or is invited to. */
export async function membershipsOf(
  trx: Pick<Trx, 'selectFrom'>,
  studentId: string,
): Promise<{ class_id: string; status: Status }[]> {
  return trx
    .selectFrom('class_member')
    .select(['class_id', statusColumn])
    .where('student_id', '=', studentId)
    .orderBy('class_id')
    .execute()
}

const statusColumn = sql<Status>`case when joined_at is null then 'invited'
  when exists (select 1 from request where request.student_id = class_member.student_id) then 'joined'
  else 'pending' end`.as('status')

/** Invites a student, who has to accept before anything is open to the class. False when there was nothing to do. */
export async function invite(trx: Trx, actor: string, classId: string, studentId: string): Promise<boolean> {
  await demandNoStaff(trx, [studentId])
  const made = await trx
    .insertInto('class_member')
    .values({ class_id: classId, student_id: studentId })
    .onConflict(conflict => conflict.doNothing())
    .returning('class_id')
    .execute()
  if (made.length > 0) await note(trx, actor, 'class.invite', studentId, classId)
  return made.length > 0
}

/** Puts a student into a class. False when they were in it. */
export async function join(trx: Trx, actor: string, classId: string, studentId: string): Promise<boolean> {
  await lockStudent(trx, studentId)
  const changed = await trx
    .insertInto('class_member')
    .values({ class_id: classId, student_id: studentId, joined_at: sql<Date>`now()` })
    .onConflict(conflict =>
      conflict
        .columns(['class_id', 'student_id'])
        .doUpdateSet({ joined_at: sql<Date>`now()` })
        .where('class_member.joined_at', 'is', null),
    )
    .returning('class_id')
    .execute()
  if (changed.length > 0) await note(trx, actor, 'class.enrol', studentId, classId)
  return changed.length > 0
}

/** Takes a student out of a class, or withdraws their invitation. */
export async function leave(trx: Trx, actor: string, classId: string, studentId: string): Promise<void> {
  const gone = await trx
    .deleteFrom('class_member')
    .where('class_id', '=', classId)
    .where('student_id', '=', studentId)
    .returning('class_id')
    .execute()
  if (gone.length > 0) await note(trx, actor, 'class.remove', studentId, classId)
}

/** The ids of an import. @throws INVALID_INPUT with every mistake and its place; nothing is enrolled then. */
export function importedIds(students: readonly string[]): string[] {
  const mistakes = students.flatMap((id, at) =>
    StudentId.safeParse(id).success ? [] : [`students.${at}: ${JSON.stringify(id).slice(0, 80)} is no id of a student`],
  )
  if (mistakes.length > 0)
    throw new PlatformError(
      'INVALID_INPUT',
      [...mistakes.slice(0, 20), ...(mistakes.length > 20 ? [`and ${mistakes.length - 20} more`] : [])].join('; '),
      {
        hint: "An id is the `sub` of a student's token. Nobody was enrolled.",
      },
    )
  return [...new Set(students)]
}

/** A new code with which any student joins the class until it expires. */
export async function makeCode(
  trx: Trx,
  actor: string,
  classId: string,
  days: number,
): Promise<z.infer<typeof Invitation>> {
  const letters = Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join('')
  const { expires_at } = await trx
    .insertInto('class_invitation')
    .values({
      code_hash: hashOf(letters),
      class_id: classId,
      invited_by: actor,
      expires_at: sql<Date>`now() + make_interval(days => ${days})`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow()
  const code = (letters.match(/.{4}/g) ?? []).join('-')
  return { class_id: classId, code, expires_at: expires_at.toISOString() }
}

/** The class of a code. @throws NOT_FOUND for one that is unknown, withdrawn or expired. */
export async function classOfCode(trx: Trx, code: string): Promise<string> {
  const row = await trx
    .selectFrom('class_invitation')
    .select('class_id')
    .where('code_hash', '=', hashOf(code))
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst()
  if (row !== undefined) return ClassId.parse(row.class_id)
  throw new PlatformError('NOT_FOUND', 'this code opens no class', {
    hint: 'It may have expired, been withdrawn or been mistyped: ask your teacher for a new one.',
  })
}

async function note(trx: Trx, actor: string, action: string, subject: string, class_id: string): Promise<void> {
  await trx
    .insertInto('audit')
    .values({ actor, action, subject, detail: JSON.stringify({ class_id }) })
    .execute()
}
