import { answerGiven } from '../schemas/events.ts'
import type { AgentName } from '../schemas/words.ts'
import type { Outcome } from './agent.ts'

/** Which question an agent answers; `traceparent` is that of its event. */
interface Question {
  request_id: string
  agent: AgentName
  traceparent: string | undefined
}

/** The outcome of an answered question: it closes the request with `result` and tells of it. `text` is for people. */
export function answerWith<Result extends { text: string }>(
  studentId: string,
  { request_id, agent, traceparent }: Question,
  result: Result,
): Outcome {
  const event = answerGiven.of(
    studentId,
    { request_id, agent, text: result.text },
    { key: [request_id], source: `/agents/${agent}`, traceparent },
  )
  return { answer: { request_id, result }, events: [event] }
}
