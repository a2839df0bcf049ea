import { sql } from 'kysely'
import type * as z from 'zod'
import type { MasteryState } from '../schemas/api.ts'
import { masteryKey, type StoredMastery } from '../schemas/state-keys.ts'
import { type Module, modules } from '../schemas/words.ts'
import { PlatformError } from '../platform/errors.ts'
import type { History } from '../platform/ports/history.ts'
import { masteryOf } from '../agents/progress/mastery.ts'
import { type GradedSubmission, masteryFrom } from '../tutor/mastery/mastery.ts'
import { isForClass } from './class-quizzes.ts'
import type { Context } from './context.ts'

type Shown = z.infer<typeof MasteryState>

const soonMs = 1_000

/**
 * A student's mastery of every module with a graded submission or an answered quiz: from the state store, or from the history where the
 * state has none.
 */
export async function masteryStates(context: Context, studentId: string): Promise<Shown[]> {
  const fast = new Map(
    (await Promise.all(modules.map(async module => fromState(context, studentId, module)))).map(found => [
      found?.module,
      found,
    ]),
  )
  const missing = modules.filter(module => !fast.has(module))
  const slow = missing.length === 0 ? new Map<Module, Shown>() : await fromHistory(context, studentId, missing)
  return modules.map(module => fast.get(module) ?? slow.get(module)).filter(found => found !== undefined)
}

/** Undefined also when the store does not answer in time, because the history has the same data. */
async function fromState({ ports }: Context, studentId: string, module: Module): Promise<Shown | undefined> {
  try {
    const found = await soon(ports.state.get<StoredMastery>(masteryKey(studentId, module)))
    return found === undefined ? undefined : { ...found.value, source: 'state' }
  } catch (error) {
    if (!(error instanceof PlatformError && error.code === 'DEPENDENCY_DOWN')) throw error
    ports.logger.warn({ err: error }, 'the state store does not answer: mastery comes from the history')
    return undefined
  }
}

/** @throws DEPENDENCY_DOWN when it takes longer than a working store needs */
async function soon<T>(asked: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const down = new PlatformError('DEPENDENCY_DOWN', `the state store did not answer within ${soonMs} ms`, {
    hint: 'learnflow state-store status',
  })
  const timer = setTimeout(() => reject(down), soonMs)
  return Promise.race([asked, late]).finally(() => clearTimeout(timer))
}

/** The stored computation of each module, or a new one where there are grades but no stored computation. */
async function fromHistory({ ports, bank }: Context, studentId: string, wanted: Module[]): Promise<Map<Module, Shown>> {
  const { db } = ports.history
  const stored = await db
    .selectFrom('mastery')
    .selectAll()
    .where('student_id', '=', studentId)
    .where('module', 'in', wanted)
    .execute()
  const known = new Map<Module, Shown>(
    stored.map(({ student_id: _student, computed_at, components, level, ...row }) => [
      row.module,
      {
        ...row,
        level: level as Shown['level'],
        components: components as Shown['components'],
        computed_at: computed_at.toISOString(),
        source: 'history',
      },
    ]),
  )
  const { rows: graded } = await sql<{ module: Module }>`select module from grade where student_id = ${studentId}
    union select module from quiz where student_id = ${studentId} and answered_at is not null`.execute(db)
  const asOf = new Date()
  for (const { module } of graded.filter(row => wanted.includes(row.module) && !known.has(row.module))) {
    const computed = await masteryOf(db, bank, studentId, module, asOf)
    if (computed !== undefined) known.set(module, { ...computed, computed_at: asOf.toISOString(), source: 'history' })
  }
  return known
}

/** The mastery that a student shows in what was handed in for these classes and in the quizzes that count for them, by module. */
export async function classMastery(context: Context, studentId: string, classes: readonly string[]): Promise<Shown[]> {
  return (await masteryInClasses(context, classes, studentId)).get(studentId) ?? []
}

/** The same by student, for everybody who has joined one of the classes or for one of them. */
export async function masteryInClasses(
  { ports, bank }: Context,
  classes: readonly string[],
  studentId?: string,
): Promise<Map<string, Shown[]>> {
  const { rows } = await sql<GradedSubmission & { student_id: string; module: Module }>`
    select distinct on (grade.submission_id) grade.student_id, grade.module, grade.exercise_id,
      verdict = 'passed' as passed, quality, to_char(submission.received_at at time zone 'UTC', 'YYYY-MM-DD') as day
    from submission_class handed
    join class_member member on member.class_id = handed.class_id and joined_at is not null
    join submission on submission.submission_id = handed.submission_id
      and submission.student_id = member.student_id
    join grade on grade.submission_id = handed.submission_id
    where handed.class_id = any(${classes}::text[])
      and ${studentId === undefined ? sql`true` : sql`member.student_id = ${studentId}`}
    order by grade.submission_id, grade.exercise_version desc`.execute(ports.history.db)
  const taken = await quizzesInClasses(ports.history.db, classes, studentId)
  const asOf = new Date()
  const computed_at = asOf.toISOString()
  const graded = Map.groupBy(rows, row => row.student_id)
  const answered = Map.groupBy(taken, row => row.student_id)
  const shown = (student: string): Shown[] =>
    modules.flatMap(module => {
      const isOf = (row: { module: Module }): boolean => row.module === module
      const submissions = (graded.get(student) ?? []).filter(isOf)
      const quizzes = (answered.get(student) ?? []).filter(isOf).map(({ score }) => score)
      return submissions.length === 0 && quizzes.length === 0
        ? []
        : [{ ...masteryFrom({ submissions, quizzes }, bank, module, asOf), computed_at, source: 'history' as const }]
    })
  return new Map([...graded.keys(), ...answered.keys()].map(id => [id, shown(id)]))
}

interface TakenQuiz {
  student_id: string
  module: Module
  score: number
}

/** The answered quizzes that count for one of these classes. */
async function quizzesInClasses(
  db: History['db'],
  classes: readonly string[],
  studentId?: string,
): Promise<TakenQuiz[]> {
  const { rows } = await sql<TakenQuiz>`select student_id, module, score from quiz where answered_at is not null
    and ${studentId === undefined ? sql`true` : sql`student_id = ${studentId}`}
    and exists (select 1 from class_member member where member.class_id = any(${classes}::text[]) and ${isForClass})`.execute(
    db,
  )
  return rows
}
