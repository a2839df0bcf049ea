import type { FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { Accepted, RequestState, TriageRoute, TriageRequest, TriageResult } from '../schemas/api.ts'
import { questionAsked, questionRouted } from '../schemas/events.ts'
import type { LearningEvent } from '../schemas/learning-event.ts'
import { type AgentName, agentNames, intents } from '../schemas/words.ts'
import { PlatformError } from '../platform/errors.ts'
import { passStep } from '../platform/steps.ts'
import { enqueueEvents } from '../agents/outbox.ts'
import { answers, secondOf, unroutedReason } from '../agents/triage/answerable.ts'
import { closeRequest } from '../agents/outcome.ts'
import { crisisAnswer } from '../tutor/crisis/crisis.ts'
import { acceptRequest } from './accept.ts'
import { type Asked, contextOf, dataOf, keepAsked, readAsked } from './asked.ts'
import { callerOf } from './auth.ts'
import { crisisCode } from './class-alerts.ts'
import type { App, Context } from './context.ts'
import { answeredBefore, keepForKey, QuestionHeaders } from './keyed-question.ts'
import { answerHint } from './message-hint.ts'
import { keepStuck, noteStuck } from './stuck.ts'
import { answerAccepted } from './submissions.ts'

type QuestionCall = FastifyRequest<{ Body: z.infer<typeof TriageRequest> }>
type Routed = z.infer<typeof TriageRoute>

const triageMs = 2_000
/** What who wants nothing more is told. */
const noMore = { code: null, hint: 'Ask on whenever you like.' } as const
/** The agents that are asked for hints. */
const hinting: ReadonlySet<AgentName> = new Set(['exercise', 'debug'])

/** The routes for questions: routed by triage, or sent to one agent. */
export function triageRoutes(app: App, context: Context): void {
  const shared = {
    tags: ['questions'],
    headers: QuestionHeaders,
    body: TriageRequest,
    response: { 200: z.union([TriageResult, RequestState]), 202: Accepted },
  }
  app.post(
    '/api/v1/triage',
    {
      config: { problems: [404, 409, 422, 429] },
      schema: { ...shared, summary: 'Ask anything; triage finds the agent; a key asks once' },
    },
    async (request, reply) =>
      (await comfort(context, request, reply)) || (await answeredBefore(context, request, reply))
        ? reply
        : ask(context, request, reply, await asked(context, request)),
  )
  app.post(
    '/api/v1/agents/:name/process',
    {
      config: { problems: [409, 422, 429] },
      schema: {
        ...shared,
        summary: 'Ask one agent; a key asks once',
        params: z.object({ name: z.string().max(64) }),
      },
    },
    async (request, reply) => {
      const name = agentNames.find(agent => agent === request.params.name)
      if (name === undefined)
        throw new PlatformError('NOT_FOUND', `there is no agent ${request.params.name}`, {
          hint: `Agents: ${agentNames.join(', ')}.`,
        })
      if ((await comfort(context, request, reply)) || (await answeredBefore(context, request, reply))) return reply
      const question = await asked(context, request)
      if (name === 'triage') return ask(context, request, reply, question)
      if (hinting.has(name) && (await answerHint(context, request, reply, question))) return reply
      return pass(context, request, reply, question, {
        agent: name,
        intent: intents.find(intent => intent === name) ?? 'other',
        confidence: 1,
      })
    },
  )
}

/** Answers a message of a person in a crisis at once, whomever it was for; false for any other message. */
async function comfort({ config, ports }: Context, request: QuestionCall, reply: FastifyReply): Promise<boolean> {
  const answer = crisisAnswer(request.body.text, config.LEARNFLOW_CRISIS_CONTACT)
  if (answer === undefined) return false
  if (config.LEARNFLOW_CRISIS_ALERT === 'on')
    await ports.history.transaction(async trx => {
      const about = {
        student_id: callerOf(request).sub,
        kind: 'question',
        agent: 'triage',
        traceparent: request.id,
      } as const
      const { request_id } = await acceptRequest(trx, about)
      await closeRequest(trx, request_id, 'done', { code: crisisCode })
    })
  const hint = config.LEARNFLOW_CRISIS_CONTACT
  await reply.code(200).send({ request_id: null, route: null, agent: null, answer, code: crisisCode, hint })
  return true
}

const asked = async (context: Context, request: QuestionCall): Promise<Asked> =>
  readAsked(context, callerOf(request).sub, request.body)

/** Gives the hint that is asked for, or routes the question; when triage does not answer in time, stores it for later routing. */
async function ask(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  question: Asked,
): Promise<FastifyReply> {
  if (await answerHint(context, request, reply, question)) return reply
  try {
    const route = TriageRoute.parse(
      await context.ports.invoker.invoke(
        'triage',
        'route',
        { text: question.text, code: question.sent, context: question.counts ? contextOf(question) : null },
        triageMs,
      ),
    )
    return await pass(context, request, reply, question, route)
  } catch (error) {
    if (!(error instanceof PlatformError && error.code === 'DEPENDENCY_DOWN')) throw error
    request.log.warn({ err: error }, 'triage does not answer: the question waits')
    return await accept(context, request, reply, { question, agent: 'triage' }, (request_id, traceparent) =>
      questionAsked.of(
        callerOf(request).sub,
        { request_id, ...dataOf(question) },
        { key: [request_id], source: '/api', traceparent },
      ),
    )
  }
}

/** Gives a routed question to its agent. When that agent does not run, returns the reason and queues nothing. */
async function pass(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  question: Asked,
  route: Routed,
): Promise<FastifyReply> {
  const { agent, intent, confidence } = route
  if (agent === null || !answers(agent, context.agents)) {
    const reason = question.ends ? noMore : unroutedReason(agent, context.agents, route.language)
    const said = { studentId: callerOf(request).sub, text: question.text, traceparent: request.id }
    const result = { request_id: null, route, agent, answer: null, ...reason }
    const isStuck = await context.ports.history.transaction(async trx => {
      await keepForKey(trx, request, result)
      await keepAsked(trx, said.studentId, question, { agent, answer: reason.hint })
      return keepStuck(trx, said, reason.code)
    })
    if (isStuck) context.notify()
    return reply.code(200).send(result)
  }
  return accept(context, request, reply, { question, agent }, (request_id, traceparent) =>
    questionRouted.of(
      callerOf(request).sub,
      { request_id, ...dataOf(question), intent, confidence, agent, ...secondOf(route.intents) },
      { key: [request_id], source: '/api', traceparent },
    ),
  )
}

async function accept(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { question, agent }: { question: Asked; agent: AgentName },
  eventOf: (requestId: string, traceparent: string) => LearningEvent,
): Promise<FastifyReply> {
  const { request_id, position } = await context.ports.history.transaction(async trx => {
    const accepted = await acceptRequest(trx, {
      student_id: callerOf(request).sub,
      kind: 'question',
      agent,
      traceparent: request.id,
    })
    const event = eventOf(accepted.request_id, accepted.traceparent)
    await trx
      .updateTable('request')
      .set({ event: JSON.stringify(event) })
      .where('request_id', '=', accepted.request_id)
      .execute()
    await enqueueEvents(trx, [event])
    await noteStuck(
      trx,
      { studentId: callerOf(request).sub, text: question.text, traceparent: accepted.traceparent },
      accepted.request_id,
    )
    await keepAsked(trx, callerOf(request).sub, question, { request_id: accepted.request_id })
    await keepForKey(trx, request, { ...accepted, agent, status: 'queued' })
    return accepted
  })
  passStep('api:accepted', { student: callerOf(request).sub, request_id, traceparent: request.id })
  context.notify()
  return answerAccepted(context, request, reply, { request_id, agent, status: 'queued', position })
}
