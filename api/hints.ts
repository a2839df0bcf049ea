import { createHash } from 'node:crypto'
import { type Kysely, sql, type Transaction } from 'kysely'
import * as z from 'zod'
import { Hint, HintRequest } from '../schemas/api-hints.ts'
import type { ExerciseFile } from '../schemas/exercise.ts'
import { ExerciseId } from '../schemas/words.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Tables } from '../platform/history/tables.ts'
import { lastSubmission } from '../agents/asked.ts'
import { debugRecalled } from '../tutor/debug/recall.ts'
import type { Worded } from '../agents/wording/word-answer.ts'
import { callerOf } from './auth.ts'
import type { App, Context } from './context.ts'
import { type GivenHint, wordHint } from './hint-wording.ts'
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

/** Who wants a hint on what, and in which words; `code` and `level` as in the body of the route; `again`: the last one. */
export interface HintWish extends z.infer<typeof HintRequest> {
  again?: boolean
  studentId: string
  exercise: ExerciseFile
  message?: string
}

/**
 * The next hint, or the one of the level that is asked for. `keepAlso` stores what belongs to it in the same transaction.
 * @throws CONFLICT when nothing was handed in, or for a level that would skip one
 */
export async function nextHint(
  context: Context,
  { studentId, exercise, code: sent = null, level = null, again = false, message = '' }: HintWish,
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
  const wanted = again ? levelOf(await lastHint(history.db, found), found) || null : level
  const key = hashOf(JSON.stringify([exercise.id, exercise.version, seed, code]))
  const about = { studentId, exercise, message, code, hints, key }
  const worded = hints.length === 0 ? undefined : await wordNext(context, about, found, wanted)
  return history.transaction(async trx => {
    await lockStudent(trx, studentId)
    const hint =
      worded === undefined ? noneFor(exercise.id) : shown(hints, worded, await keep(trx, found, wanted), found)
    await keepAlso(trx, hint)
    return hint
  })
}

/** The hint that comes next, in words. @throws CONFLICT for a level that would skip one */
async function wordNext(
  context: Context,
  about: Omit<GivenHint, 'level'>,
  found: Found,
  wanted: number | null,
): Promise<Worded & { level: number }> {
  const level = levelFor(await lastHint(context.ports.history.db, found), found, wanted)
  const key = hashOf(JSON.stringify([about.studentId, about.key, level]))
  return { level, ...(await wordHint(context, { ...about, level, key })) }
}

const noneFor = (id: string): Hint => ({
  exercise_id: id,
  level: null,
  text: 'This program passes all tests.',
  worded_by: null,
  next: null,
})

/** The hint of `level`: as it was worded, unless another call has taken that step meanwhile. */
function shown(
  hints: readonly string[],
  worded: Worded & { level: number },
  level: number,
  { exercise_id }: Found,
): Hint {
  const { text, worded_by } = level === worded.level ? worded : { text: hints[level - 1] ?? '', worded_by: null }
  return { exercise_id, level, text, worded_by, next: level < maxLevel ? level + 1 : null }
}

/** @throws CONFLICT when nothing was handed in for the exercise */
async function programOf(
  { ports }: Context,
  studentId: string,
  exerciseId: string,
  code: string | null,
): Promise<Program> {
  if (code !== null) return { code, seed: 'hint' }
  const newest = await lastSubmission(ports.history.db, studentId, exerciseId)
  if (newest !== undefined) return { code: newest.code, seed: newest.seed ?? 'hint' }
  throw new PlatformError('CONFLICT', `you have handed nothing in for ${exerciseId}`, {
    hint: 'Hand a program in first, or send it as `code`.',
  })
}

type Found = Omit<Tables['hint'], 'level' | 'given_at'>

const lastHint = async (db: Kysely<Tables>, { student_id, exercise_id }: Found): Promise<Last | undefined> =>
  db
    .selectFrom('hint')
    .select(['level', 'program_hash', 'fault_hash'])
    .where('student_id', '=', student_id)
    .where('exercise_id', '=', exercise_id)
    .executeTakeFirst()

/**
 * The level to show: the next one of the same program or the same fault, the first one of another.
 * @throws CONFLICT for a level that would skip one
 */
function levelFor(last: Last | undefined, found: Found, wanted: number | null): number {
  const given = levelOf(last, found)
  const level = wanted ?? Math.min(given + 1, maxLevel)
  if (level <= given + 1) return level
  throw new PlatformError('CONFLICT', `hint ${level} comes after hint ${given + 1}`, {
    hint: 'Ask without a level for the next one.',
  })
}

/** Stores and returns the level to show. @throws CONFLICT for a level that would skip one */
async function keep(trx: Transaction<Tables>, found: Found, wanted: number | null): Promise<number> {
  const last = await lastHint(trx, found)
  const level = levelFor(last, found, wanted)
  const row = { ...found, level: Math.max(level, levelOf(last, found)) }
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
