import type { LearningEvent } from '../../schemas/learning-event.ts'
import type { ExerciseBank } from '../../tutor/exercise/bank.ts'
import type { Outcome } from '../agent.ts'
import { type Asked, wordAnswer, type WordingPorts } from './word-answer.ts'

/** What a student wrote, as far as an event has it. */
function writtenIn({ type, data }: LearningEvent): { message: string; code: string | null } {
  return type === 'question.routed' ? { message: data.text, code: data.code } : { message: '', code: null }
}

/** Right programs of the exercise that a question or its answer is about. */
function solutionsOf({ data }: LearningEvent, facts: Record<string, unknown>, bank: ExerciseBank): string[] {
  const ids = [facts['exercise_id'], 'exercise_id' in data ? data.exercise_id : undefined]
  if (ids.every(id => typeof id !== 'string')) return []
  return bank
    .list()
    .filter(({ id }) => ids.includes(id))
    .flatMap(({ reference, alternatives }) => [reference, ...alternatives])
}

/** The outcome with its answer in the words of a model, where there is one and what it says passes the checks. */
export async function reworded(
  outcome: Outcome,
  event: LearningEvent,
  ports: WordingPorts & { bank: ExerciseBank },
): Promise<Outcome> {
  const { wording, answer } = outcome
  if (wording === undefined || answer === undefined || ports.model === undefined) return outcome
  const { text: _, worded_by: __, ...facts } = answer.result as Record<string, unknown>
  const asked: Asked = { studentId: event.subject, key: answer.request_id, since: new Date(event.time) }
  const solutions = [...wording.solutions, ...solutionsOf(event, facts, ports.bank)]
  const brief = { ...wording, ...writtenIn(event), facts, solutions }
  const { text, worded_by } = await wordAnswer(ports, brief, asked)
  if (worded_by === null) return outcome
  return {
    ...outcome,
    answer: { ...answer, result: { ...facts, text, worded_by } },
    events: (outcome.events ?? []).map(one =>
      one.type === 'answer.given' ? { ...one, data: { ...one.data, text, worded_by } } : one,
    ),
  }
}
