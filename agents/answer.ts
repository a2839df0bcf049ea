import { answerGiven } from '../schemas/events.ts'
import type { AgentName, Intent } from '../schemas/words.ts'
import type { AgentPorts, Handler, Outcome } from './agent.ts'
import { type Answerer, answerers } from './answerers.ts'
import type { Asked } from './asked.ts'

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

/**
 * How an agent answers the questions that are routed to it: what it knows, then what else the writer wants, of which
 * `also` names the intent.
 */
export const answersAs =
  (agent: Answerer): Handler<'question.routed'> =>
  async ({ subject, data, traceparent }, ports) => {
    const { request_id, text, code, exercise_id: exerciseId, context, second_intent: second } = data
    const asked = { studentId: subject, text, code, exerciseId, lastText: context?.last_text }
    const first = await answerers[agent](ports, asked)
    const other = await alsoSaid(agent, second, ports, asked)
    const said = other === undefined ? {} : { text: `${first.text}\n\n${other.text}`, also: other.intent }
    return answerWith(subject, { request_id, agent, traceparent }, { ...first, ...said })
  }

/** What is said to the second intent of a message; undefined where no other agent that runs answers it. */
async function alsoSaid(
  agent: Answerer,
  second: Intent | undefined,
  ports: AgentPorts,
  asked: Asked,
): Promise<{ intent: Intent; text: string } | undefined> {
  if (second === undefined || second === 'other' || second === agent) return undefined
  if (!ports.agents.runs(second)) return undefined
  const { text } = await answerers[second](ports, asked)
  return { intent: second, text }
}
