import { type Kysely, sql } from 'kysely'
import type { Tables } from '../platform/history/tables.ts'
import type { ExerciseBank } from '../tutor/exercise/bank.ts'
import type { Exercise } from '../tutor/exercise/parse-exercise.ts'
import { type ExerciseNames, exerciseNames } from '../tutor/message/exercise.ts'
import { type MessageReading, readMessage } from '../tutor/message/read-message.ts'

/**
 * A question as the agent that answers it gets it; `code` is a program that came beside the text, `exerciseId` the
 * exercise that it is about or that was worked on last, `lastText` what was asked before.
 */
export interface Asked {
  studentId: string
  text: string
  code: string | null
  exerciseId?: string | undefined
  lastText?: string | null | undefined
}

/** A program that a question is about; `seed` is that of the tests it was graded by, `submitted` that it was handed in. */
export interface AskedProgram {
  code: string
  seed: string
  submitted: boolean
}

/**
 * A question read, with what the history knows beside it: the program that it is about (in the message, else the one
 * handed in last), and the exercise of that program, if any.
 */
export interface Reading {
  message: MessageReading
  program: AskedProgram | undefined
  exercise: Exercise | undefined
}

interface Last {
  exercise_id: string
  code: string
  seed: string | null
}

/** Random tests of a program that was not handed in are made from this. */
const askedSeed = 'asked'

let known: { version: string; names: ExerciseNames } | undefined

/** The names of the bank's exercises, arranged once for each version of the bank. */
export function namesOf(bank: ExerciseBank): ExerciseNames {
  const { version } = bank
  if (known?.version !== version) known = { version, names: exerciseNames(bank.list()) }
  return known.names
}

/** Reads a question of a student. */
export async function readAsked(db: Kysely<Tables>, bank: ExerciseBank, asked: Asked): Promise<Reading> {
  const { studentId, text, code, exerciseId } = asked
  await bank.refresh()
  const message = readMessage(text, { code, exercises: namesOf(bank) })
  const named = message.exercise?.id
  const find = (id: string | undefined): Exercise | undefined => bank.list().find(exercise => exercise.id === id)
  const last = await lastSubmission(db, studentId, named ?? exerciseId)
  // What was offered last may not have been begun.
  const begun = last ?? (named === undefined ? await lastSubmission(db, studentId, undefined) : undefined)
  if (message.code !== '') {
    const isMeant = (exercise: Exercise | undefined): exercise is Exercise =>
      exercise !== undefined &&
      (named !== undefined || continues(message.code, exercise, begun)) &&
      definesAll(message.code, exercise)
    const program = { code: message.code, seed: askedSeed, submitted: false }
    const exercise = [named ?? exerciseId, named ?? begun?.exercise_id].map(find).find(isMeant)
    return { message, program, exercise }
  }
  if (begun === undefined) return { message, program: undefined, exercise: find(named) }
  const program = { code: begun.code, seed: begun.seed ?? askedSeed, submitted: true }
  return { message, program, exercise: find(begun.exercise_id) }
}

/** Without the names that the exercise wants, the program is about something else. */
const definesAll = (code: string, { entry }: Exercise): boolean =>
  entry.every(name => new RegExp(`\\b${RegExp.escape(name)}\\b`).test(code))

/** Whether a program may be one for the exercise worked on last: by its names, else by lines of what was handed in. */
function continues(code: string, { entry }: Exercise, last: Last | undefined): boolean {
  if (entry.length > 0) return true
  const before = new Set(linesOf(last?.code ?? ''))
  const lines = linesOf(code)
  return lines.filter(line => before.has(line)).length * 2 >= lines.length
}

const linesOf = (code: string): string[] =>
  code
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')

/** What a student handed in last, for the exercise if one is named; `seed` is that of its newest grade, if any. */
export async function lastSubmission(
  db: Kysely<Tables>,
  studentId: string,
  exerciseId: string | undefined,
): Promise<Last | undefined> {
  const { rows } = await sql<Last>`select submission.exercise_id, code, seed
    from submission left join grade using (submission_id)
    where submission.student_id = ${studentId}
      and submission.exercise_id = coalesce(${exerciseId ?? null}::text, submission.exercise_id)
    order by received_at desc, grade.exercise_version desc nulls last limit 1`.execute(db)
  return rows[0]
}
