import * as z from 'zod'
import { Conversation, Program } from '../../schemas/words.ts'
import { questionRouted } from '../../schemas/events.ts'
import { defineAgent } from '../agent.ts'
import { route } from '../../tutor/triage/route.ts'
import { answers, secondOf, unroutedReason } from './answerable.ts'

const Question = z.object({ text: z.string(), code: Program.nullish(), context: Conversation.nullish() })

/** Routes the questions that triage did not answer in time: to their agent, or closes them when no agent takes them. */
export default defineAgent({
  name: 'triage',
  concurrency: 8,
  methods: {
    route(body: unknown) {
      const { text, ...beside } = Question.parse(body)
      return route(text, beside)
    },
  },
  consumes: {
    'question.asked': async ({ subject, data, traceparent }, { agents }) => {
      const { request_id, text, code, context } = data
      const routed = route(text, { code, context })
      const { agent, intent, confidence, intents, language } = routed
      if (agent === null || !answers(agent, agents))
        return {
          answer: {
            request_id,
            result: { route: routed, agent, answer: null, ...unroutedReason(agent, agents, language) },
          },
        }
      const event = questionRouted.of(
        subject,
        { ...data, intent, confidence, agent, ...secondOf(intents) },
        { key: [request_id], source: '/agents/triage', traceparent },
      )
      return { handOver: { request_id, agent }, events: [event] }
    },
  },
})
