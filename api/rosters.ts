import * as z from 'zod'
import {
  Enrolment,
  Invitation,
  InvitationRequest,
  InvitationsWithdrawn,
  JoinRequest,
  Memberships,
  Roster,
  RosterImported,
  RosterImportRequest,
} from '../schemas/api-classes.ts'
import { ClassId, StudentId } from '../schemas/words.ts'
import { PlatformError } from '../platform/errors.ts'
import { type Caller, callerOf, forbidden, mustTeach } from './auth.ts'
import type { App, Context } from './context.ts'
import {
  classOfCode,
  importedIds,
  invite,
  join,
  leave,
  makeCode,
  membershipsOf,
  rosterOf,
  statusOf,
} from './roster-changes.ts'
import { demandNoStaff } from './staff.ts'

const tags = ['classes']
const Id = z.object({ id: ClassId })
const Member = z.object({ id: ClassId, student_id: StudentId })
const Own = z.object({ class_id: ClassId })

/** The routes for who is in a class: teachers invite, operators enrol, students accept, join by a code, and leave. */
export function rosterRoutes(app: App, context: Context): void {
  memberRoutes(app, context)
  importRoute(app, context)
  invitationRoutes(app, context)
  membershipRoutes(app, context)
}

function memberRoutes(app: App, { ports: { history } }: Context): void {
  app.get(
    '/api/v1/classes/:id/students',
    { schema: { tags, summary: 'Who is in a class, and who is invited', params: Id, response: { 200: Roster } } },
    async request => {
      const { id: class_id } = request.params
      mustTeach(callerOf(request), class_id)
      return { class_id, students: await rosterOf(history.db, class_id) }
    },
  )
  app.put(
    '/api/v1/classes/:id/students/:student_id',
    {
      schema: {
        tags,
        summary: 'Invite a student, who then has to accept; an operator enrols at once',
        params: Member,
        response: { 200: Enrolment, 201: Enrolment },
      },
    },
    async (request, reply) => {
      const { id: class_id, student_id } = request.params
      const caller = callerOf(request)
      mustTeach(caller, class_id)
      if (caller.sub === student_id)
        throw new PlatformError('INVALID_INPUT', `${student_id} is you, and you are ${caller.role} here`, {
          hint: 'Only students are in a class.',
        })
      const [made, status] = await history.transaction(async trx => {
        await demandNoStaff(trx, [student_id])
        const change = caller.role === 'operator' ? join : invite
        return [await change(trx, caller.sub, class_id, student_id), await statusOf(trx, class_id, student_id)] as const
      })
      return reply.code(made ? 201 : 200).send({ class_id, student_id, status })
    },
  )
  app.delete(
    '/api/v1/classes/:id/students/:student_id',
    {
      schema: {
        tags,
        summary: 'Take a student out of a class, or withdraw the invitation',
        params: Member,
        response: { 200: Enrolment },
      },
    },
    async request => {
      const { id: class_id, student_id } = request.params
      mustTeach(callerOf(request), class_id)
      await history.transaction(async trx => leave(trx, callerOf(request).sub, class_id, student_id))
      return { class_id, student_id, status: 'none' as const }
    },
  )
}

function importRoute(app: App, { ports: { history } }: Context): void {
  app.post(
    '/api/v1/classes/:id/students',
    {
      schema: {
        tags,
        summary: 'Enrol the students of a list, all or none (operators)',
        params: Id,
        body: RosterImportRequest,
        response: { 200: RosterImported },
      },
    },
    async request => {
      const { id: class_id } = request.params
      const caller = callerOf(request)
      if (caller.role !== 'operator') throw forbidden('only operators enrol students; teachers invite them')
      const ids = importedIds(request.body.students)
      return history.transaction(async trx => {
        await demandNoStaff(trx, ids)
        let enrolled = 0
        // In one order everywhere, so that two imports cannot wait for each other.
        for (const id of ids.toSorted()) if (await join(trx, caller.sub, class_id, id)) enrolled += 1
        const all = new Map((await rosterOf(trx, class_id)).map(row => [row.student_id, row.status]))
        const pending = ids.filter(id => all.get(id) === 'pending').length
        return { class_id, enrolled, unchanged: ids.length - enrolled, pending }
      })
    },
  )
}

function invitationRoutes(app: App, { ports: { history } }: Context): void {
  app.post(
    '/api/v1/classes/:id/invitations',
    {
      schema: {
        tags,
        summary: 'Make a code with which students join a class',
        params: Id,
        body: InvitationRequest.nullish(),
        response: { 201: Invitation },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      mustTeach(callerOf(request), id)
      const { days } = request.body ?? InvitationRequest.parse({})
      const made = await history.transaction(async trx => makeCode(trx, callerOf(request).sub, id, days))
      return reply.code(201).send(made)
    },
  )
  app.delete(
    '/api/v1/classes/:id/invitations',
    {
      schema: { tags, summary: 'Withdraw every code of a class', params: Id, response: { 200: InvitationsWithdrawn } },
    },
    async request => {
      const { id: class_id } = request.params
      mustTeach(callerOf(request), class_id)
      const gone = await history.db
        .deleteFrom('class_invitation')
        .where('class_id', '=', class_id)
        .returning('class_id')
        .execute()
      return { class_id, withdrawn: gone.length }
    },
  )
}

function membershipRoutes(app: App, { ports: { history } }: Context): void {
  app.get(
    '/api/v1/memberships',
    { schema: { tags, summary: 'Your classes and invitations', response: { 200: Memberships } } },
    async request => {
      const { sub: student_id } = callerOf(request)
      return { student_id, classes: await membershipsOf(history.db, student_id) }
    },
  )
  app.post(
    '/api/v1/memberships',
    {
      config: { problems: [404] },
      schema: {
        tags,
        summary: 'Join a class by its code',
        body: JoinRequest,
        response: { 200: Enrolment, 201: Enrolment },
      },
    },
    async (request, reply) => {
      const student_id = studentOf(callerOf(request))
      const [class_id, made] = await history.transaction(async trx => {
        const found = await classOfCode(trx, request.body.code)
        return [found, await join(trx, student_id, found, student_id)] as const
      })
      return reply.code(made ? 201 : 200).send({ class_id, student_id, status: 'joined' })
    },
  )
  app.put(
    '/api/v1/memberships/:class_id',
    { schema: { tags, summary: 'Accept an invitation', params: Own, response: { 200: Enrolment } } },
    async request => {
      const { class_id } = request.params
      const student_id = studentOf(callerOf(request))
      await history.transaction(async trx => {
        if ((await statusOf(trx, class_id, student_id)) === 'none')
          throw new PlatformError('NOT_FOUND', `you are not invited to the class ${class_id}`, {
            hint: 'GET /api/v1/memberships lists your invitations; a code joins without one.',
          })
        await join(trx, student_id, class_id, student_id)
      })
      return { class_id, student_id, status: 'joined' as const }
    },
  )
  app.delete(
    '/api/v1/memberships/:class_id',
    { schema: { tags, summary: 'Leave a class, or decline an invitation', params: Own, response: { 200: Enrolment } } },
    async request => {
      const { class_id } = request.params
      const { sub: student_id } = callerOf(request)
      await history.transaction(async trx => leave(trx, student_id, class_id, student_id))
      return { class_id, student_id, status: 'none' as const }
    },
  )
}

/** @throws FORBIDDEN */
function studentOf({ sub, role }: Caller): string {
  if (role === 'student') return sub
  throw forbidden(`only students join a class, and your token is one of ${role === 'teacher' ? 'a' : 'an'} ${role}`)
}
