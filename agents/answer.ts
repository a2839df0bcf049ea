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

/**
 * What a model that words the answer must keep to: the `level` 1-4 of a hint, right programs of which no line may be
 * told, and whether it may show programs of its own, which then are run.
 */
export interface WordingBounds {
  level?: number | null
  solutions?: readonly string[]
  ownPrograms?: boolean
}

/**
 * The outcome of an answered question: it closes the request with `result` and tells of it. `text` is for people; the
 * worker may have a model word it within `bounds` (by default no hint, no program of its own).
 */
export function answerWith<Result extends { text: string }>(
  studentId: string,
  { request_id, agent, traceparent }: Question,
  result: Result,
  { level = null, solutions = [], ownPrograms = false }: WordingBounds = {},
): Outcome {
  const event = answerGiven.of(
    studentId,
    { request_id, agent, text: result.text },
    { key: [request_id], source: `/agents/${agent}`, traceparent },
  )
  return {
    answer: { request_id, result: { ...result, worded_by: null } },
    events: [event],
    wording: { text: result.text, level, solutions, ownPrograms },
  }
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
    // A program that a model makes up could solve what the student works on.
    const ownPrograms = agent === 'concepts' && other === undefined && code === null && exerciseId === undefined
    return answerWith(subject, { request_id, agent, traceparent }, { ...first, ...said }, { ownPrograms })
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
