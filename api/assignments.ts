import { randomUUID } from 'node:crypto'
import { type RawBuilder, sql, type Transaction } from 'kysely'
import * as z from 'zod'
import {
  Assignment,
  AssignmentList,
  AssignmentRemoved,
  AssignmentRequest,
  type TaughtClasses,
} from '../schemas/api-classes.ts'
import { exerciseAssigned } from '../schemas/events.ts'
import type { Tables } from '../platform/history/tables.ts'
import type { History } from '../platform/ports/history.ts'
import { PlatformError } from '../platform/errors.ts'
import { enqueueEvents } from '../agents/outbox.ts'
import type { Exercise } from '../tutor/exercise/parse-exercise.ts'
import { type Caller, callerOf, mustTeach } from './auth.ts'
import type { App, Context } from './context.ts'
import { exerciseOf } from './exercises.ts'

type Db = History['db']

/** The routes for assignments: what there is to do and by when, assign, and take back. */
export function assignmentRoutes(app: App, context: Context): void {
  const tags = ['classes']
  const { history } = context.ports
  app.get(
    '/api/v1/assignments',
    {
      schema: {
        tags,
        summary: 'What is assigned to a student, and how it stands; or in classes',
        response: { 200: AssignmentList },
      },
    },
    async request => ({ assignments: await assignmentsOf(history.db, callerOf(request)) }),
  )
  app.post(
    '/api/v1/assignments',
    {
      config: { problems: [404] },
      schema: {
        tags,
        summary: 'Assign an exercise to a class; again it changes the due time',
        body: AssignmentRequest,
        response: { 200: Assignment, 201: Assignment },
      },
    },
    async (request, reply) => {
      mustTeach(callerOf(request), request.body.class_id)
      const { created, assignment } = await assign(context, callerOf(request).sub, request.body)
      context.notify()
      return reply.code(created ? 201 : 200).send(assignment)
    },
  )
  app.delete(
    '/api/v1/assignments/:id',
    {
      schema: {
        tags,
        summary: 'Take an assignment back; what was handed in for it stays',
        params: z.object({ id: z.uuid() }),
        response: { 200: AssignmentRemoved },
      },
    },
    async request => {
      const { id } = request.params
      const found = await history.db
        .selectFrom('assignment')
        .select(['class_id', 'exercise_id'])
        .where('assignment_id', '=', id)
        .executeTakeFirst()
      const caller = callerOf(request)
      // To others it is as if there were none.
      if (found === undefined || (caller.role !== 'operator' && !caller.classes.includes(found.class_id)))
        throw new PlatformError('NOT_FOUND', `there is no assignment ${id}`, { hint: 'GET /api/v1/assignments' })
      mustTeach(caller, found.class_id)
      await history.db.deleteFrom('assignment').where('assignment_id', '=', id).execute()
      return { assignment_id: id, ...found, removed: true as const }
    },
  )
}

/** A time as ISO text, whatever its year: a Date would take the years of the first century for those of this. */
const isoText = (column: string): RawBuilder<string | null> =>
  sql<string | null>`to_char(${sql.ref(column)} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

type Assigned = z.infer<typeof AssignmentList>['assignments'][number]

/** The assignments of a student's classes with how each stands, or those of a teacher's classes. */
export async function assignmentsOf(db: Db, { sub, role, classes }: Caller): Promise<Assigned[]> {
  const isStudent = role === 'student'
  const inClass = isStudent
    ? sql`assignment.class_id in (select class_id from class_member where student_id = ${sub} and joined_at is not null)`
    : role === 'operator'
      ? sql`true`
      : sql`assignment.class_id = any(${sql.val([...classes])}::text[])`
  const { rows } = await sql<
    Omit<Assigned, 'standing'> & { tried: boolean; in_time: boolean; passed: boolean; over: boolean }
  >`
    select assignment.assignment_id, assignment.class_id, assignment.exercise_id, assignment.exercise_version,
      ${isoText('assignment.due')} as due, ${isoText('assignment.assigned_at')} as assigned_at,
      count(grade.submission_id) > 0 as tried, coalesce(bool_or(grade.verdict = 'passed'), false) as passed,
      coalesce(bool_or(grade.verdict = 'passed' and (assignment.due is null or received_at <= assignment.due)), false)
        as in_time,
      coalesce(assignment.due < now(), false) as over
    from assignment left join (grade join submission using (submission_id) join submission_class handed
        using (submission_id)) on handed.class_id = assignment.class_id
      and grade.exercise_id = assignment.exercise_id and grade.student_id = ${isStudent ? sub : null}
    where ${inClass} group by assignment.assignment_id
    order by assignment.due nulls last, assignment.assigned_at, assignment.exercise_id`.execute(db)
  return rows.map(({ tried, in_time, passed, over, ...row }) => {
    const done = in_time ? 'passed' : passed ? 'passed_late' : undefined
    const standing = done ?? (over ? 'overdue' : tried ? 'tried' : 'open')
    return { ...row, standing: isStudent ? standing : null }
  })
}

/** The classes that a teacher's token names, all that there are for an operator, with what is in them. */
export async function taughtClasses(
  db: Db,
  { role, classes }: Caller,
): Promise<z.infer<typeof TaughtClasses>['classes']> {
  const named =
    role === 'operator' ? sql`select class_id from present` : sql`select unnest(${sql.val([...classes])}::text[])`
  const { rows } = await sql<{ class_id: string; students: number; assignments: number }>`
    with present as (select class_id from class_member union select class_id from assignment),
      named(class_id) as (${named})
    select named.class_id,
      (select count(*) from class_member member
        where member.class_id = named.class_id and joined_at is not null)::int as students,
      (select count(*) from assignment where assignment.class_id = named.class_id)::int as assignments
    from named order by named.class_id`.execute(db)
  return rows
}

const csvHead = ['student_id', 'exercise_id', 'due', 'submissions', 'verdict', 'score', 'received_at', 'late']

/** A cell of CSV (RFC 4180); a spreadsheet takes text that begins like a formula for one, so it gets a quote first. */
function cell(value: string | number | boolean | null | undefined): string {
  const text = String(value ?? '')
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/**
 * Every student of a class with every assignment: the best grade handed in for it, the earliest of equals, and whether
 * it came after the due time.
 */
export async function gradesTable(db: Db, classId: string): Promise<string> {
  const { rows } = await sql<Record<string, string | number | boolean | null>>`
    select member.student_id, assignment.exercise_id, ${isoText('assignment.due')} as due,
      coalesce(best.submissions, 0)::int as submissions, best.verdict, best.score,
      ${isoText('best.received_at')} as received_at, best.received_at > assignment.due as late
    from class_member member join assignment on assignment.class_id = member.class_id
    left join lateral (
      select grade.verdict, grade.score, submission.received_at, count(*) over () as submissions
      from grade join submission using (submission_id) join submission_class handed using (submission_id)
      where handed.class_id = member.class_id and grade.student_id = member.student_id
        and grade.exercise_id = assignment.exercise_id
      order by grade.score desc, submission.received_at limit 1
    ) best on true
    where member.class_id = ${classId} and member.joined_at is not null
    order by member.student_id, assignment.assigned_at`.execute(db)
  return [csvHead, ...rows.map(row => csvHead.map(name => row[name]))]
    .map(cells => `${cells.map(cell).join(',')}\r\n`)
    .join('')
}

/** @throws NOT_FOUND */
async function assign(
  { ports, bank }: Context,
  teacher: string,
  { exercise_id, ...rest }: z.infer<typeof AssignmentRequest>,
): Promise<Made> {
  const exercise = await exerciseOf(bank, exercise_id)
  return ports.history.transaction(async trx => assignIn(trx, teacher, exercise, rest))
}

interface Made {
  created: boolean
  assignment: z.infer<typeof Assignment>
}

/**
 * Stores the assignment and publishes an event for every student of the class. A repeat publishes nothing new unless
 * the version or the due time changed.
 */
export async function assignIn(
  trx: Transaction<Tables>,
  teacher: string,
  { id: exercise_id, version }: Pick<Exercise, 'id' | 'version'>,
  { class_id, due }: Omit<z.infer<typeof AssignmentRequest>, 'exercise_id'>,
  wish: string | null = null,
): Promise<Made> {
  const until = due === undefined || due === null ? null : new Date(due).toISOString()
  // As text, because a Date of the first century is read back as one of this.
  const dueAt = sql<Date | null>`${until}::timestamptz`
  const assignment_id = randomUUID()
  const row = await trx
    .insertInto('assignment')
    .values({ assignment_id, class_id, exercise_id, exercise_version: version, assigned_by: teacher, due: dueAt, wish })
    .onConflict(conflict =>
      conflict
        .columns(['class_id', 'exercise_id'])
        .doUpdateSet({ exercise_version: version, due: dueAt, assigned_by: teacher, assigned_at: sql<Date>`now()` }),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
  const members = await trx
    .selectFrom('class_member')
    .select('student_id')
    .where('class_id', '=', class_id)
    .where('joined_at', 'is not', null)
    .execute()
  await enqueueEvents(
    trx,
    members.map(({ student_id }) =>
      exerciseAssigned.of(
        student_id,
        { exercise_id, exercise_version: version, class_id, due: until },
        { key: [row.assignment_id, student_id, version, until ?? ''], source: '/api' },
      ),
    ),
  )
  const { wish: _, assigned_at, ...made } = row
  return {
    created: row.assignment_id === assignment_id,
    assignment: { ...made, due: until, assigned_at: assigned_at.toISOString(), students: members.length },
  }
}

/** The assignments of a class, and the wish that each came from. */
export async function assignmentRows(
  db: Db | Transaction<Tables>,
  classId: string,
): Promise<{ assignment: z.infer<typeof Assignment>; wish: string | null }[]> {
  const { rows } = await sql<z.infer<typeof Assignment> & { wish: string | null }>`
    select assignment_id, class_id, exercise_id, exercise_version, assigned_by, wish,
      ${isoText('assignment.due')} as due, ${isoText('assignment.assigned_at')} as assigned_at,
      (select count(*) from class_member member
        where member.class_id = assignment.class_id and joined_at is not null)::int as students
    from assignment where class_id = ${classId} order by assigned_at, exercise_id`.execute(db)
  return rows.map(({ wish, ...assignment }) => ({ assignment, wish }))
}
