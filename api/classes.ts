import * as z from 'zod'
import { ClassAlerts, ClassProgress, TaughtClasses } from '../schemas/api-classes.ts'
import { ClassId } from '../schemas/words.ts'
import { gradesTable, taughtClasses } from './assignments.ts'
import { callerOf, forbidden, mustTeach } from './auth.ts'
import { classAlerts } from './class-alerts.ts'
import { classProgress } from './class-figures.ts'
import type { App, Context } from './context.ts'

const Id = z.object({ id: ClassId })

/** The routes for teachers: their classes, the progress of one, its grades as a table, and who is stuck. */
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
  app.get(
    '/api/v1/classes',
    { schema: { tags, summary: 'The classes that one teaches; all for operators', response: { 200: TaughtClasses } } },
    async request => {
      const caller = callerOf(request)
      if (caller.role === 'student') throw forbidden('these are the classes of teachers')
      return { classes: await taughtClasses(ports.history.db, caller) }
    },
  )
  app.get(
    '/api/v1/classes/:id/grades.csv',
    {
      schema: {
        tags,
        summary: 'The best grade of each student and assignment, late or not, as CSV',
        params: Id,
      },
    },
    async (request, reply) => {
      mustTeach(callerOf(request), request.params.id)
      const table = await gradesTable(ports.history.db, request.params.id)
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="grades-${request.params.id}.csv"`)
        .serializer((text: string) => text)
        .send(table)
    },
  )
}
