import { type Kysely, sql } from 'kysely'
import type { QuizRequest } from '../schemas/api-quizzes.ts'
import { type Module, modules } from '../schemas/words.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Tables } from '../platform/history/tables.ts'
import { findConcept } from '../tutor/concepts/find.ts'
import { conceptLibrary } from '../tutor/concepts/library.ts'
import type { Exercise } from '../tutor/exercise/parse-exercise.ts'
import { conceptsIn, materialsOf, materialsOn, type QuizProgram } from '../tutor/quiz/choose-materials.ts'
import type { Material } from '../tutor/quiz/material.ts'
import type { Context } from './context.ts'
import { exerciseOf } from './exercises.ts'

/** What a quiz is made from, and what of it is stored. */
export interface QuizBasis {
  module: Module
  materials: readonly Material[]
  made_from: { topic: string | null; exercise_ids: readonly string[]; submission_ids: readonly string[] }
}

/** So many exercises are asked about, those worked on last. */
const maxExercises = 5

/** The newest program of a student for an exercise, one that passed if there is any. */
interface Handed {
  submission_id: string
  exercise_id: string
  code: string
  passed: boolean
}

/**
 * What a wish names, or what the student did last. Of an exercise only the student's own programs are shown.
 * @throws INVALID_INPUT for a topic that is none, or exercises of several modules; NOT_FOUND for an unknown exercise;
 * CONFLICT without a wish when nothing was handed in
 */
export async function basisFor(
  { bank, ports }: Context,
  studentId: string,
  { topic = null, exercise_ids: ids = null }: Omit<QuizRequest, 'questions'>,
): Promise<QuizBasis> {
  const handed = await handedIn(ports.history.db, studentId)
  if (ids !== null) {
    const exercises = await Promise.all([...new Set(ids)].map(async id => exerciseOf(bank, id, studentId)))
    return basis(exercises, handed, studentId, topic)
  }
  if (topic !== null) {
    const { module, concepts } = topicOf(topic)
    const own = isModule(topic) ? await known(bank, handed, studentId, module) : []
    const from = basis(own, handed, studentId, topic, module)
    return { ...from, materials: [...from.materials, ...materialsOn(concepts)] }
  }
  const [newest] = await known(bank, handed, studentId)
  if (newest !== undefined)
    return basis(await known(bank, handed, studentId, newest.module), handed, studentId, null, newest.module)
  throw new PlatformError('CONFLICT', 'you have handed nothing in that a quiz could be about', {
    hint: 'Hand a program in first, or name a topic.',
  })
}

const isModule = (topic: string): topic is Module => (modules as readonly string[]).includes(topic)

/** @throws INVALID_INPUT */
function topicOf(topic: string): { module: Module; concepts: readonly string[] } {
  if (isModule(topic)) return { module: topic, concepts: conceptsIn(topic) }
  const library = conceptLibrary()
  const concepts = library.concepts.has(topic) ? [topic] : (findConcept(topic).topic?.concepts ?? [])
  const [module] = concepts.flatMap(id => library.concepts.get(id)?.module ?? [])
  if (module !== undefined) return { module, concepts }
  throw new PlatformError('INVALID_INPUT', `body.topic: ${topic} is no topic of this course`, {
    hint: `Name a concept, such as "for loops", or a module: ${modules.join(', ')}.`,
  })
}

function basis(
  exercises: readonly Exercise[],
  handed: readonly Handed[],
  owner: string,
  topic: string | null,
  wanted = exercises[0]?.module,
): QuizBasis {
  const others = exercises.filter(({ module }) => module !== wanted)
  if (wanted === undefined || others.length > 0)
    throw new PlatformError('INVALID_INPUT', 'body.exercise_ids: the exercises of a quiz are of one module', {
      hint: `Ask for a quiz on ${others.map(({ id }) => id).join(', ')} by itself.`,
    })
  const programs = exercises.map((exercise): QuizProgram & { submission_id: string | undefined } => {
    const own = handed.find(({ exercise_id }) => exercise_id === exercise.id)
    return {
      exercise,
      code: own?.code,
      own: true,
      right: own?.passed === true,
      owner,
      submission_id: own?.submission_id,
    }
  })
  return {
    module: wanted,
    materials: materialsOf(programs.map(({ submission_id: _id, ...program }) => program)),
    made_from: {
      topic,
      exercise_ids: exercises.map(({ id }) => id),
      submission_ids: programs.flatMap(({ submission_id }) => submission_id ?? []),
    },
  }
}

/** The exercises of what was handed in that are still here, the newest first. @throws DEPENDENCY_DOWN */
async function known(
  bank: Context['bank'],
  handed: readonly Handed[],
  studentId: string,
  module?: Module,
): Promise<Exercise[]> {
  const found: Exercise[] = []
  for (const { exercise_id: id } of handed) {
    if (found.length === maxExercises) break
    const exercise = await exerciseOf(bank, id, studentId).catch((error: unknown) => {
      if (error instanceof PlatformError && error.code === 'NOT_FOUND') return undefined
      throw error
    })
    if (exercise !== undefined && (module === undefined || exercise.module === module)) found.push(exercise)
  }
  return found
}

/** One program for each exercise, the exercise that was worked on last first. */
async function handedIn(db: Kysely<Tables>, studentId: string): Promise<Handed[]> {
  const { rows } = await sql<Handed>`with graded as (
      select submission_id, submission.exercise_id, code, received_at, coalesce(bool_or(verdict = 'passed'), false) as passed
      from submission left join grade using (submission_id) where submission.student_id = ${studentId}
      group by submission_id
    ), chosen as (
      select distinct on (exercise_id) submission_id, exercise_id, code, passed,
        max(received_at) over (partition by exercise_id) as last_at
      from graded order by exercise_id, passed desc, received_at desc
    )
    select submission_id, exercise_id, code, passed from chosen order by last_at desc limit 50`.execute(db)
  return rows
}
