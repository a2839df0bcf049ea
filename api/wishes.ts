import type { FastifyBaseLogger } from 'fastify'
import { ExerciseWishRequest, WishedExercises } from '../schemas/api-wishes.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Exercise } from '../tutor/exercise/parse-exercise.ts'
import { fulfil, type Offer } from '../tutor/wishes/fulfil.ts'
import { nearestTopics } from '../tutor/wishes/nearest.ts'
import { type ExerciseWish, readExerciseWish } from '../tutor/wishes/read-wish.ts'
import { samplesOf, wishTemplates } from '../tutor/wishes/templates.ts'
import { assignIn } from './assignments.ts'
import { type Caller, callerOf, mustTeach } from './auth.ts'
import { authorOf } from './authors.ts'
import { type App, type Context, goneSignal } from './context.ts'
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
      config: { problems: [409, 429] },
      schema: {
        tags: ['exercises'],
        summary: 'Proven exercises for a wish in words, also assigned to a class at once',
        body: ExerciseWishRequest,
        response: { 200: WishedExercises },
      },
    },
    async (request, reply) => {
      const teacher = authorOf(callerOf(request))
      const { class_id, assign } = request.body
      if (assign && class_id === undefined) throw classless()
      if (typeof class_id === 'string') mustTeach(teacher, class_id)
      const gone = goneSignal(reply, context.closing)
      return inTurn(teacher.sub, async () => granted(context, teacher, request.body, gone, request.log))
    },
  )
}

const classless = (): PlatformError =>
  new PlatformError('INVALID_INPUT', 'body.class_id: no class to assign to', { hint: 'Name the class in class_id.' })

async function granted(
  context: Context,
  teacher: Caller,
  body: ExerciseWishRequest,
  gone: AbortSignal,
  log: FastifyBaseLogger,
): Promise<WishedExercises> {
  const { bank, ports, config } = context
  await bank.refresh()
  const read = readExerciseWish(body.text)
  const wish = { ...read, count: body.count ?? read.count }
  const { templates, faults } = await wishTemplates()
  const { offers, refused } = await fulfil(wish, {
    bank: bank.list(),
    templates,
    given: typeof body.class_id === 'string' ? await assignedTo(context, body.class_id) : [],
    owner: teacher.sub,
    seed: body.seed,
    sandbox: () =>
      proofSandbox(ports.sandbox, { owner: teacher.sub, seconds: config.LEARNFLOW_PROOF_SECONDS, signal: gone }),
  })
  if (refused.length + faults.length > 0) log.warn({ refused: [...faults, ...refused] }, 'exercises failed their proof')
  const assignments = body.assign ? await assigned(context, teacher, body, offers) : new Map<string, never>()
  const nearest =
    offers.length < wish.count ? nearestTopics(wish, [...bank.list(), ...(await samplesOf(templates))]) : []
  return {
    wish: told(read),
    exercises: offers.map(offer => shown(offer, assignments)),
    nearest: nearest.map(({ title, levels }) => ({ topic: title, levels: [...levels] })),
    refused: [...faults, ...refused],
  }
}

/** The exercises of a class, as far as they are still here. */
async function assignedTo({ ports, bank }: Context, classId: string): Promise<Exercise[]> {
  const rows = await ports.history.db
    .selectFrom('assignment')
    .select('exercise_id')
    .where('class_id', '=', classId)
    .execute()
  return bank.list().filter(({ id }) => rows.some(row => row.exercise_id === id))
}

/** Stores what was made from templates and assigns everything, or nothing of it. @throws CONFLICT, FORBIDDEN */
async function assigned(
  { ports, bank, notify }: Context,
  teacher: Caller,
  { class_id, due }: ExerciseWishRequest,
  offers: readonly Offer[],
): Promise<Assignments> {
  if (typeof class_id !== 'string' || offers.length === 0) return new Map()
  const made = await ports.history.transaction(async trx => {
    const done: [string, Made][] = []
    for (const { exercise, drawn } of offers) {
      if (drawn !== undefined) await storeExercise(trx, bank.list(), teacher, { exercise, source: sourceOf(drawn) })
      done.push([exercise.id, (await assignIn(trx, teacher.sub, exercise, { class_id, due })).assignment])
    }
    return done
  })
  await bank.refresh()
  notify()
  return new Map(made)
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
