import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import * as z from 'zod'
import { Assignment, AssignmentRequest, ClassAlerts, ClassProgress } from '../schemas/api-classes.ts'
import { exerciseAssigned } from '../schemas/events.ts'
import { ClassId } from '../schemas/words.ts'
import { enqueueEvents } from '../agents/outbox.ts'
import { callerOf, mustTeach } from './auth.ts'
import { classAlerts, classProgress } from './class-figures.ts'
import type { App, Context } from './context.ts'
import { exerciseOf } from './exercises.ts'

const Id = z.object({ id: ClassId })

/** The routes for teachers: assign exercises, see the progress of a class and who is stuck. */
export function classRoutes(app: App, context: Context): void {
  const tags = ['classes']
  const { ports } = context
  app.get(
    '/api/v1/classes/:id/progress',
    { schema: { tags, summary: 'How a class stands', params: Id, response: { 200: ClassProgress } } },
    async request => {
      mustTeach(callerOf(request), request.params.id)
      return classProgress(context, request.params.id)
    },
  )
  app.get(
    '/api/v1/classes/:id/alerts',
    {
      schema: {
        tags,
        summary: 'Who is stuck, with the submissions that show it',
        params: Id,
        response: { 200: ClassAlerts },
      },
    },
    async request => {
      mustTeach(callerOf(request), request.params.id)
      return { class_id: request.params.id, alerts: await classAlerts(ports.history.db, request.params.id) }
    },
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
}

/**
 * Stores the assignment and publishes an event for every student of the class. A repeat publishes nothing new unless
 * the version or the due time changed.
 */
async function assign(
  { ports, bank }: Context,
  teacher: string,
  { class_id, exercise_id, due }: z.infer<typeof AssignmentRequest>,
): Promise<{ created: boolean; assignment: z.infer<typeof Assignment> }> {
  const { version } = await exerciseOf(bank, exercise_id)
  const until = due === undefined ? null : new Date(due)
  return ports.history.transaction(async trx => {
    const assignment_id = randomUUID()
    const row = await trx
      .insertInto('assignment')
      .values({ assignment_id, class_id, exercise_id, exercise_version: version, assigned_by: teacher, due: until })
      .onConflict(conflict =>
        conflict
          .columns(['class_id', 'exercise_id'])
          .doUpdateSet({ exercise_version: version, due: until, assigned_by: teacher, assigned_at: sql<Date>`now()` }),
      )
      .returningAll()
      .executeTakeFirstOrThrow()
    const members = await trx
      .selectFrom('class_member')
      .select('student_id')
      .where('class_id', '=', class_id)
      .where('joined_at', 'is not', null)
      .execute()
    const dueText = row.due?.toISOString() ?? null
    await enqueueEvents(
      trx,
      members.map(({ student_id }) =>
        exerciseAssigned.of(
          student_id,
          { exercise_id, exercise_version: version, class_id, due: dueText },
          { key: [row.assignment_id, student_id, version, dueText ?? ''], source: '/api' },
        ),
      ),
    )
    return {
      created: row.assignment_id === assignment_id,
      assignment: { ...row, due: dueText, assigned_at: row.assigned_at.toISOString(), students: members.length },
    }
  })
}
