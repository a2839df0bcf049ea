import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../platform/history/tables.ts'
import { answerConcept, topicOf } from '../../tutor/concepts/answer.ts'
import { findConcept, type FoundTopic } from '../../tutor/concepts/find.ts'
import { conceptLibrary, type ConceptLibrary } from '../../tutor/concepts/library.ts'
import { levels, type Level } from '../../tutor/concepts/read-entry.ts'
import type { ExerciseBank } from '../../tutor/exercise/bank.ts'
import { saysStuck } from '../../tutor/struggle/stuck.ts'
import { saysNothing } from '../../tutor/triage/follow-up.ts'
import type { Asked } from '../asked.ts'
import { rankOf } from '../rank.ts'

/** What a student is told about a topic; without one `topic` is null and `nearest` are titles of those most alike. */
export interface TopicAnswer {
  topic: Pick<FoundTopic, 'kind' | 'id' | 'title'> | null
  level: Level | null
  nearest: readonly string[]
  exercises: readonly string[]
  text: string
}

/** Explains what a question is about at the student's level. */
export async function explainTopic(
  { db, bank }: { db: Kysely<Tables>; bank: ExerciseBank },
  { studentId, text, code, lastText }: Asked,
): Promise<TopicAnswer> {
  const library = conceptLibrary()
  // "And then?" is about what was asked before, not about `and`.
  const isFollowUp = saysNothing(text) && (lastText ?? '') !== ''
  const { topic: found, nearest } = findConcept(isFollowUp ? (lastText ?? '') : text, code === null ? {} : { code })
  const topic = found === undefined ? undefined : topicOf(found.id, library)
  if (found === undefined || topic === undefined) return unknown(nearest.map(({ title }) => title))
  const module = library.concepts.get(topic.kind === 'concept' ? topic.id : (topic.about[0] ?? ''))?.module
  // Who asks on is told more, unless it is because they did not understand.
  const more = isFollowUp && !saysStuck(text) ? 1 : 0
  const level = levels[Math.min((await rankOf(db, studentId, module)) + more, levels.length - 1)] ?? 'beginner'
  const known = await knownTo(db, bank, library, studentId)
  const { text: told, exercises } = answerConcept(topic, { level, known, library })
  const { kind, id, title } = found
  return { topic: { kind, id, title }, level, nearest: nearest.map(one => one.title), exercises, text: told }
}

function unknown(nearest: readonly string[]): TopicAnswer {
  const said = 'There is no explanation of that here.'
  const next =
    nearest.length === 0 ? 'Name the part of Python that you mean.' : `Nearest: ${nearest.join(', ')}. Ask about one.`
  return { topic: null, level: null, nearest, exercises: [], text: `${said} ${next}` }
}

/** The concepts that the student has practised: those of the exercises that were passed. */
async function knownTo(
  db: Kysely<Tables>,
  bank: ExerciseBank,
  { concepts }: ConceptLibrary,
  studentId: string,
): Promise<string[]> {
  const { rows } = await sql<{ exercise_id: string }>`select distinct exercise_id from grade
    where student_id = ${studentId} and verdict = 'passed'`.execute(db)
  const passed = new Set(rows.map(row => row.exercise_id))
  const practised = new Set(
    bank
      .list()
      .filter(({ id }) => passed.has(id))
      .flatMap(exercise => exercise.concepts),
  )
  return [...concepts].flatMap(([id, { practised_as }]) => (practised_as.some(name => practised.has(name)) ? id : []))
}
