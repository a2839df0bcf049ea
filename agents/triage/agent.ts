import * as z from 'zod'
import { Program } from '../../schemas/words.ts'
import { questionRouted } from '../../schemas/events.ts'
import { defineAgent } from '../agent.ts'
import { type Route, route } from '../../tutor/triage/route.ts'
import { answers, unroutedReason } from './answerable.ts'

const Question = z.object({ text: z.string(), code: Program.nullish() })

const routeQuestion = (text: string, code: string | null | undefined): Route =>
  route(code === null || code === undefined ? text : `${text}\n${code}`)

/** Routes the questions that triage did not answer in time: to their agent, or closes them when no agent takes them. */
export default defineAgent({
  name: 'triage',
  concurrency: 8,
  methods: {
    route(body: unknown) {
      const { text, code } = Question.parse(body)
      return routeQuestion(text, code)
    },
  },
  consumes: {
    'question.asked': async ({ subject, data: { request_id, text, code }, traceparent }, { agents }) => {
      const routed = routeQuestion(text, code)
      const { agent, intent, confidence } = routed
      if (agent === null || !answers(agent, agents))
        return {
          answer: { request_id, result: { route: routed, agent, answer: null, ...unroutedReason(agent, agents) } },
        }
      const event = questionRouted.of(
        subject,
        { request_id, text, code, intent, confidence, agent },
        { key: [request_id], source: '/agents/triage', traceparent },
      )
      return { handOver: { request_id, agent }, events: [event] }
    },
  },
})
