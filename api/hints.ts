import { createHash } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import * as z from 'zod'
import { Hint, HintRequest } from '../schemas/api-hints.ts'
import type { ExerciseFile } from '../schemas/exercise.ts'
import { ExerciseId } from '../schemas/words.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Tables } from '../platform/history/tables.ts'
import { debugRecalled } from '../tutor/debug/recall.ts'
import { callerOf } from './auth.ts'
import type { App, Context } from './context.ts'
import { exerciseOf } from './exercises.ts'
import { lockStudent } from './idempotency.ts'

/** A program to be hinted at, with the seed of the tests that it failed. */
interface Program {
  code: string
  seed: string
}

/** The last hint of a student on an exercise. */
type Last = Pick<Tables['hint'], 'level' | 'program_hash' | 'fault_hash'>

const maxLevel = 4
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** The same fault on another line is the same fault. */
const faultOf = (hints: readonly string[]): string => hashOf((hints[2] ?? '').replaceAll(/\bline \d+/g, 'line'))

/** The route for hints: one level at a time, from a nudge to code, each verified by runs. */
export function hintRoutes(app: App, context: Context): void {
  app.post(
    '/api/v1/exercises/:id/hints',
    {
      config: { problems: [404, 409, 429] },
      schema: {
        tags: ['exercises'],
        summary: 'The next hint for a program: 1 a nudge, 2 where, 3 what, 4 code',
        params: z.object({ id: ExerciseId }),
        body: HintRequest,
        response: { 200: Hint },
      },
    },
    async (request): Promise<Hint> => {
      const { sub } = callerOf(request)
      const exercise = await exerciseOf(context.bank, request.params.id, sub)
      return nextHint(context, { studentId: sub, exercise, ...request.body })
    },
  )
}

/** Who wants a hint on what; `code` and `level` as in the body of the route. */
export interface HintWish extends z.infer<typeof HintRequest> {
  studentId: string
  exercise: ExerciseFile
}

/**
 * The next hint, or the one of the level that is asked for. `keepAlso` stores what belongs to it in the same transaction.
 * @throws CONFLICT when nothing was handed in, or for a level that would skip one
 */
export async function nextHint(
  context: Context,
  { studentId, exercise, code: sent = null, level: wanted = null }: HintWish,
  keepAlso: (trx: Transaction<Tables>, hint: Hint) => Promise<void> = async () => {},
): Promise<Hint> {
  const { history, sandbox } = context.ports
  const { code, seed } = await programOf(context, studentId, exercise.id, sent)
  const { hints } = await debugRecalled(code, exercise, sandbox, { seed, owner: studentId })
  const found = {
    student_id: studentId,
    exercise_id: exercise.id,
    program_hash: hashOf(code),
    fault_hash: faultOf(hints),
  }
  return history.transaction(async trx => {
    await lockStudent(trx, studentId)
    const hint = hints.length === 0 ? noneFor(exercise.id) : shown(hints, found, await keep(trx, found, wanted))
    await keepAlso(trx, hint)
    return hint
  })
}

const noneFor = (id: string): Hint => ({
  exercise_id: id,
  level: null,
  text: 'This program passes all tests.',
  next: null,
})

const shown = (hints: readonly string[], { exercise_id }: { exercise_id: string }, level: number): Hint => ({
  exercise_id,
  level,
  text: hints[level - 1] ?? '',
  next: level < maxLevel ? level + 1 : null,
})

/** @throws CONFLICT when nothing was handed in for the exercise */
async function programOf(
  { ports }: Context,
  studentId: string,
  exerciseId: string,
  code: string | null,
): Promise<Program> {
  if (code !== null) return { code, seed: 'hint' }
  const { rows } = await sql<{ code: string; seed: string | null }>`select code, seed from submission
    left join grade using (submission_id)
    where submission.student_id = ${studentId} and submission.exercise_id = ${exerciseId}
    order by received_at desc, grade.exercise_version desc nulls last limit 1`.execute(ports.history.db)
  const [newest] = rows
  if (newest !== undefined) return { code: newest.code, seed: newest.seed ?? 'hint' }
  throw new PlatformError('CONFLICT', `you have handed nothing in for ${exerciseId}`, {
    hint: 'Hand a program in first, or send it as `code`.',
  })
}

/**
 * The level to show, which is stored: the next one of the same program or the same fault, the first one of another.
 * @throws CONFLICT for a level that would skip one
 */
async function keep(
  trx: Transaction<Tables>,
  found: Omit<Tables['hint'], 'level' | 'given_at'>,
  wanted: number | null,
): Promise<number> {
  const last = await trx
    .selectFrom('hint')
    .select(['level', 'program_hash', 'fault_hash'])
    .where('student_id', '=', found.student_id)
    .where('exercise_id', '=', found.exercise_id)
    .executeTakeFirst()
  const given = levelOf(last, found)
  const level = wanted ?? Math.min(given + 1, maxLevel)
  if (level > given + 1)
    throw new PlatformError('CONFLICT', `hint ${level} comes after hint ${given + 1}`, {
      hint: 'Ask without a level for the next one.',
    })
  const row = { ...found, level: Math.max(level, given) }
  await trx
    .insertInto('hint')
    .values(row)
    .onConflict(conflict =>
      conflict.columns(['student_id', 'exercise_id']).doUpdateSet({ ...row, given_at: sql<Date>`now()` }),
    )
    .execute()
  return level
}

const levelOf = (last: Last | undefined, found: Omit<Last, 'level'>): number =>
  last !== undefined && (last.program_hash === found.program_hash || last.fault_hash === found.fault_hash)
    ? last.level
    : 0
