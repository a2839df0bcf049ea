import * as z from 'zod'
import { ExerciseAdded, ExerciseRequest, ExerciseRetired, ExerciseVersions } from '../schemas/api.ts'
import { ExerciseId } from '../schemas/words.ts'
import { type Checked, checkExercise } from '../tutor/exercise/check.ts'
import { exerciseFrom, FaultyExercise, fileName } from '../tutor/exercise/parse-exercise.ts'
import { type Caller, callerOf, forbidden } from './auth.ts'
import { type App, type Context, goneSignal } from './context.ts'
import { inTurn, proofSandbox } from './proof.ts'
import { versionsOf, retire } from './exercise-versions.ts'
import { mayAdd, storeExercise } from './store-exercise.ts'

type Added = z.infer<typeof ExerciseAdded>

const Id = z.object({ id: ExerciseId })

/** The routes for authors: add exercises and newer versions, each checked first, and retire them. */
export function authorRoutes(app: App, context: Context): void {
  const tags = ['exercises']
  app.post(
    '/api/v1/exercises',
    {
      config: { problems: [409, 422, 429] },
      schema: {
        tags,
        summary: 'Add an exercise, or a newer version of yours, once it is proven',
        body: ExerciseRequest,
        response: { 200: ExerciseAdded, 201: ExerciseAdded },
      },
    },
    async (request, reply) => {
      const author = authorOf(callerOf(request))
      const gone = goneSignal(reply, context.closing)
      const added = await inTurn(author.sub, async () => add(context, author, request.body, gone))
      return reply.code(added.created ? 201 : 200).send(added)
    },
  )
  app.delete(
    '/api/v1/exercises/:id',
    {
      config: { problems: [409] },
      schema: {
        tags,
        summary: 'Retire an exercise of yours; adding it again brings it back',
        params: Id,
        response: { 200: ExerciseRetired },
      },
    },
    async request => retire(context, authorOf(callerOf(request)), request.params.id),
  )
  app.get(
    '/api/v1/exercises/:id/versions',
    {
      schema: { tags, summary: 'Every version of an added exercise', params: Id, response: { 200: ExerciseVersions } },
    },
    async request => versionsOf(context, authorOf(callerOf(request)), request.params.id),
  )
}

/** @throws FORBIDDEN */
export function authorOf(caller: Caller): Caller {
  if (caller.role === 'student') throw forbidden('only teachers and operators add exercises')
  return caller
}

/** @throws EXERCISE_FAULTY with every mistake, CONFLICT, FORBIDDEN; nothing is stored then. */
async function add(
  { ports, bank, config }: Context,
  author: Caller,
  { text, programs }: z.infer<typeof ExerciseRequest>,
  gone: AbortSignal,
): Promise<Added> {
  const read = await exerciseFrom(text, fileName, async name => programs[name])
  if ('problems' in read) throw new FaultyExercise(read.problems)
  const { exercise } = read
  await ports.history.transaction(async trx => mayAdd(trx, bank.list(), author, exercise))
  const limits = { owner: author.sub, seconds: config.LEARNFLOW_PROOF_SECONDS, signal: gone }
  const checked = await checkExercise(exercise, proofSandbox(ports.sandbox, limits))
  if (!checked.ok) throw new FaultyExercise(checked.problems)
  const stored = { exercise, source: { text, programs } }
  const became = await ports.history.transaction(async trx => storeExercise(trx, bank.list(), author, stored))
  await bank.refresh()
  const { id, version } = exercise
  const [created, restored] = [became === 'created', became === 'restored']
  return { id, version, owner: author.sub, created, restored, mutants: shown(checked) }
}

const shown = ({ mutants: { made, caught, survivors } }: Checked): Added['mutants'] => ({
  made,
  caught,
  survivors: survivors.map(({ line, change, input }) => ({ line, change, input })),
})
