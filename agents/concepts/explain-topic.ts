import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../platform/history/tables.ts'
import { answerConcept, topicOf } from '../../tutor/concepts/answer.ts'
import { findConcept, type FoundTopic } from '../../tutor/concepts/find.ts'
import { furtherPart, type FurtherWish, furtherWish } from '../../tutor/concepts/further.ts'
import { conceptLibrary, type ConceptLibrary, type Topic } from '../../tutor/concepts/library.ts'
import { levels, type Level } from '../../tutor/concepts/read-entry.ts'
import type { ExerciseBank } from '../../tutor/exercise/bank.ts'
import { saysNothing } from '../../tutor/triage/follow-up.ts'
import type { Asked } from '../asked.ts'
import { rankOf } from '../rank.ts'

/**
 * What a student is told about a topic; without one `topic` is null and `nearest` are titles of those most alike. `told` are
 * the parts of it that are in the text, `further` that they go on with what was told before.
 */
export interface TopicAnswer {
  told: readonly string[]
  further: boolean
  topic: Pick<FoundTopic, 'kind' | 'id' | 'title'> | null
  level: Level | null
  nearest: readonly string[]
  exercises: readonly string[]
  text: string
}

/** So many answers are looked through for what was told before. */
const mostTold = 20

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
  const level = levels[await rankOf(db, studentId, module)] ?? 'beginner'
  const { kind, id, title } = found
  const about = { topic: { kind, id, title }, level, nearest: nearest.map(one => one.title) }
  const before = isFollowUp ? await toldOf(db, studentId, id) : []
  if (before.length > 0) return { ...about, ...goOn(topic, text, before, library) }
  const known = await knownTo(db, bank, library, studentId)
  const { text: said, told, exercises } = answerConcept(topic, { level, known, library })
  return { ...about, told: told.length === 0 ? [wholeOf(topic)] : told, further: false, exercises, text: said }
}

const seen = 'here than what you have seen'
const nothing: Readonly<Record<FurtherWish, string>> = {
  more: `There is nothing further on that ${seen}`,
  example: `There is no other example of that ${seen}`,
  simpler: `There is nothing simpler on that ${seen}`,
  again: `There is no other way to say that ${seen}`,
}

/** What `told` holds of a topic that has one text for all levels. */
const wholeOf = ({ id }: Topic): string => `all of ${id}`

/** The next part for who asks on, or that there is none. */
function goOn(
  topic: Topic,
  text: string,
  before: readonly string[],
  library: ConceptLibrary,
): Pick<TopicAnswer, 'told' | 'further' | 'exercises' | 'text'> & { level?: Level } {
  const wish = furtherWish(text)
  const part = furtherPart(topic, { wish, told: before, library })
  const [main] = topic.kind === 'concept' ? [topic.id] : topic.about
  const exercises = library.concepts.get(main ?? '')?.exercises ?? []
  const level = levels.find(name => part?.id.endsWith(name) === true)
  const shared = { further: true, exercises, ...(level === undefined ? {} : { level }) }
  if (part !== undefined) return { ...shared, told: [part.id], text: part.text }
  const next = [...library.concepts.values()].filter(({ needs }) => needs.includes(main ?? '')).slice(0, 3)
  const ask = next.length === 0 ? [] : [`What builds on it: ${next.map(one => one.title).join(', ')}.`]
  return {
    ...shared,
    told: [],
    text: [`${nothing[wish]} (${topic.title}).`, `Practise it: ${exercises.join(', ')}.`, ...ask].join(' '),
  }
}

/** What a student was told of a topic since they asked about it, as far as nothing else was explained meanwhile. */
async function toldOf(db: Kysely<Tables>, studentId: string, topicId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string | null; told: string[] | null; further: boolean | null }>`
    select result #>> '{topic,id}' as id, result -> 'told' as told, (result -> 'further')::boolean as further
    from request where student_id = ${studentId} and kind = 'question' and agent = 'concepts' and status = 'done'
    order by created_at desc limit ${mostTold}`.execute(db)
  const same = rows.slice(0, rows.findIndex(({ id, further }) => id !== topicId || further !== true) + 1)
  return same.flatMap(({ id, told }) => (id === topicId ? (told ?? []) : []))
}

function unknown(nearest: readonly string[]): TopicAnswer {
  const said = 'There is no explanation of that here.'
  const next =
    nearest.length === 0 ? 'Name the part of Python that you mean.' : `Nearest: ${nearest.join(', ')}. Ask about one.`
  return { topic: null, level: null, nearest, told: [], further: false, exercises: [], text: `${said} ${next}` }
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
