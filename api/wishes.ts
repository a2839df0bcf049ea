import { createHash } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { Transaction } from 'kysely'
import { ExerciseWishRequest, WishedExercises } from '../schemas/api-wishes.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Tables } from '../platform/history/tables.ts'
import type { Exercise } from '../tutor/exercise/parse-exercise.ts'
import { fulfil, type Offer } from '../tutor/wishes/fulfil.ts'
import { nearestTopics } from '../tutor/wishes/nearest.ts'
import { type ExerciseWish, readExerciseWish } from '../tutor/wishes/read-wish.ts'
import { samplesOf, wishTemplates } from '../tutor/wishes/templates.ts'
import { assignIn, assignmentRows } from './assignments.ts'
import { type Caller, callerOf, mustTeach } from './auth.ts'
import { authorOf } from './authors.ts'
import { type App, type Context, goneSignal } from './context.ts'
import { answerOnce, type KeyedCall, lockStudent, storedAnswer } from './idempotency.ts'
import { callOf, QuestionHeaders } from './keyed-question.ts'
import { inTurn, proofSandbox } from './proof.ts'
import { storeExercise } from './store-exercise.ts'

type Offered = WishedExercises['exercises'][number]
type Made = NonNullable<Offered['assignment']>
type Assignments = ReadonlyMap<string, Made>

/** The route for exercises that a teacher wishes in words. */
export function wishRoutes(app: App, context: Context): void {
  app.post(
    '/api/v1/exercises/wishes',
    {
      config: { problems: [409, 422, 429] },
      schema: {
        tags: ['exercises'],
        summary: 'Proven exercises for a wish in words; a key assigns them once',
        headers: QuestionHeaders,
        body: ExerciseWishRequest,
        response: { 200: WishedExercises },
      },
    },
    async (request, reply) => {
      const teacher = authorOf(callerOf(request))
      const { class_id, assign } = request.body
      if (assign && class_id === undefined) throw classless()
      if (typeof class_id === 'string') mustTeach(teacher, class_id)
      const call = assign ? callOf(request, 'wish') : undefined
      const earlier =
        call === undefined ? undefined : await storedAnswer<WishedExercises>(context.ports.history.db, call)
      if (earlier !== undefined) return reply.header('idempotent-replayed', 'true').send(earlier.response)
      const wisher = { teacher, call, gone: goneSignal(reply, context.closing), log: request.log }
      return inTurn(teacher.sub, async () => granted(context, wisher, request.body))
    },
  )
}

const classless = (): PlatformError =>
  new PlatformError('INVALID_INPUT', 'body.class_id: no class to assign to', { hint: 'Name the class in class_id.' })

/** Who wishes, with which key, and until when. */
interface Wisher {
  teacher: Caller
  call: KeyedCall | undefined
  gone: AbortSignal
  log: FastifyBaseLogger
}

async function granted(context: Context, wisher: Wisher, body: ExerciseWishRequest): Promise<WishedExercises> {
  const { teacher, gone, log } = wisher
  const { bank, ports, config } = context
  await bank.refresh()
  const read = readExerciseWish(body.text)
  const wish = { ...read, count: body.count ?? read.count }
  const { templates, faults } = await wishTemplates()
  const had = await hadBy(context, body.class_id, (row: Row) => isOf(row, teacher, wishKey(body)))
  const { offers, refused } = await fulfil(wish, {
    bank: bank.list(),
    templates,
    given: had.given,
    had: had.ids,
    wished: new Set(had.wished.keys()),
    owner: teacher.sub,
    seed: body.seed,
    sandbox: () =>
      proofSandbox(ports.sandbox, { owner: teacher.sub, seconds: config.LEARNFLOW_PROOF_SECONDS, signal: gone }),
  })
  if (refused.length + faults.length > 0) log.warn({ refused: [...faults, ...refused] }, 'exercises failed their proof')
  const nearest =
    offers.length < wish.count ? nearestTopics(wish, [...bank.list(), ...(await samplesOf(templates))]) : []
  const answer = (assignments: Assignments): WishedExercises => ({
    wish: told(read),
    exercises: offers.map(offer => shown(offer, assignments)),
    nearest: nearest.map(({ title, levels }) => ({ topic: title, levels: [...levels] })),
    refused: [...faults, ...refused],
  })
  if (!body.assign || offers.length === 0) return answer(had.wished)
  gone.throwIfAborted()
  return kept(context, wisher, async trx => answer(await assigned(context, trx, teacher, body, offers)))
}

/** What makes two wishes of a teacher the same one: its words and its seed, as a hash that tells nobody of them. */
const wishKey = ({ text, seed }: ExerciseWishRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([text.trim().toLowerCase().replaceAll(/\s+/g, ' '), seed]))
    .digest('hex')

/** What a class has been given, and what of it came from this very wish and is offered again. */
interface Had {
  /** Exercises that are still here. */
  given: Exercise[]
  /** Of all that it has, and of those that are retired. */
  ids: Set<string>
  wished: Assignments
}

async function hadBy({ ports, bank }: Context, classId: string | undefined, same: (row: Row) => boolean): Promise<Had> {
  const { db } = ports.history
  const rows = classId === undefined ? [] : await assignmentRows(db, classId)
  const ids = new Set(rows.filter(row => !same(row)).map(({ assignment }) => assignment.exercise_id))
  const retired = await db.selectFrom('exercise').select('exercise_id').where('retired_at', 'is not', null).execute()
  return {
    given: bank.list().filter(({ id }) => ids.has(id)),
    ids: ids.union(new Set(retired.map(({ exercise_id }) => exercise_id))),
    wished: wishedIn(rows, same),
  }
}

type Row = Awaited<ReturnType<typeof assignmentRows>>[number]

const isOf = ({ assignment, wish }: Row, { sub }: Caller, key: string): boolean =>
  wish === key && assignment.assigned_by === sub

const wishedIn = (rows: readonly Row[], same: (row: Row) => boolean): Assignments =>
  new Map(rows.filter(same).map(({ assignment }) => [assignment.exercise_id, assignment]))

/** Answers in one transaction, and a repeat with the same key as before. */
async function kept(
  { ports, bank, notify }: Context,
  { call }: Wisher,
  make: (trx: Transaction<Tables>) => Promise<WishedExercises>,
): Promise<WishedExercises> {
  const answer = await ports.history.transaction(async trx => {
    if (call === undefined) return make(trx)
    await lockStudent(trx, call.studentId)
    return (await answerOnce(trx, call, async () => make(trx))).response
  })
  await bank.refresh()
  notify()
  return answer
}

/**
 * Stores what was made from templates and assigns what the same wish has not assigned already; that only gets another due
 * time, where one is named. @throws CONFLICT, FORBIDDEN
 */
async function assigned(
  { bank }: Context,
  trx: Transaction<Tables>,
  teacher: Caller,
  body: ExerciseWishRequest,
  offers: readonly Offer[],
): Promise<Assignments> {
  const { class_id, due } = body
  if (class_id === undefined) throw classless()
  const wish = wishKey(body)
  const done = new Map(wishedIn(await assignmentRows(trx, class_id), row => isOf(row, teacher, wish)))
  for (const { exercise, drawn } of offers) {
    const has = done.has(exercise.id)
    if (has && (due === undefined || due === null)) continue
    if (!has && drawn !== undefined)
      await storeExercise(trx, bank.list(), teacher, { exercise, source: sourceOf(drawn) })
    done.set(exercise.id, (await assignIn(trx, teacher.sub, exercise, { class_id, due }, wish)).assignment)
  }
  return done
}

const sourceOf = ({
  text,
  programs,
}: NonNullable<Offer['drawn']>): { text: string; programs: Record<string, string> } => ({
  text,
  programs,
})

const told = ({ topics, without, level, count, unknown }: ExerciseWish): WishedExercises['wish'] => ({
  topics: topics.map(({ title }) => title),
  without: without.map(({ title }) => title),
  level: level ?? null,
  count,
  unknown: [...unknown],
})

function shown({ exercise, drawn, template, mutants }: Offer, assignments: Assignments): Offered {
  const { id, title, version, module, level, kind, concepts, statement } = exercise
  return {
    id,
    title,
    version,
    module,
    level,
    kind,
    concepts,
    statement,
    template: template ?? null,
    source: drawn === undefined ? null : sourceOf(drawn),
    mutants: { made: mutants.made, caught: mutants.caught },
    assignment: assignments.get(id) ?? null,
  }
}
