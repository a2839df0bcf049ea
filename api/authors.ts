import { isDeepStrictEqual } from 'node:util'
import { sql, type Transaction } from 'kysely'
import * as z from 'zod'
import { ExerciseAdded, ExerciseRequest, ExerciseRetired, ExerciseVersions } from '../schemas/api.ts'
import { ExerciseId } from '../schemas/words.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Tables } from '../platform/history/tables.ts'
import { type Checked, checkExercise } from '../tutor/exercise/check.ts'
import { type Exercise, exerciseFrom, FaultyExercise, fileName } from '../tutor/exercise/parse-exercise.ts'
import { type Caller, callerOf, forbidden } from './auth.ts'
import { type App, type Context, goneSignal } from './context.ts'
import { inTurn, proofSandbox } from './proof.ts'
import { versionsOf, retire, mustOwn, noteIn } from './exercise-versions.ts'

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
function authorOf(caller: Caller): Caller {
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
  const added = await ports.history.transaction(async trx => {
    // Another author may have added the same version since it was checked.
    if ((await mayAdd(trx, bank.list(), author, exercise)) === 'same') {
      const brought = await trx
        .updateTable('exercise')
        .set({ retired_at: null })
        .where('exercise_id', '=', exercise.id)
        .where('retired_at', 'is not', null)
        .execute()
      if (brought.some(({ numUpdatedRows }) => numUpdatedRows > 0n))
        await noteIn(trx, author, 'exercise.restore', exercise.id, { version: exercise.version })
      return false
    }
    const row = { exercise_id: exercise.id, version: exercise.version, owner: author.sub }
    await trx
      .insertInto('exercise')
      .values({ ...row, source: JSON.stringify({ text, programs }), exercise: JSON.stringify(exercise) })
      .execute()
    await noteIn(trx, author, 'exercise.add', exercise.id, { version: exercise.version })
    return true
  })
  await bank.refresh()
  return { id: exercise.id, version: exercise.version, owner: author.sub, created: added, mutants: shown(checked) }
}

const shown = ({ mutants: { made, caught, survivors } }: Checked): Added['mutants'] => ({
  made,
  caught,
  survivors: survivors.map(({ line, change, input }) => ({ line, change, input })),
})

/**
 * `same` when the newest stored version is identical.
 * @throws CONFLICT when the id or the version is taken, FORBIDDEN when it belongs to another teacher.
 */
async function mayAdd(
  trx: Transaction<Tables>,
  listed: readonly Exercise[],
  author: Caller,
  exercise: Exercise,
): Promise<'new' | 'same'> {
  const { id, version } = exercise
  await sql`select pg_advisory_xact_lock(hashtextextended(${`exercise ${id}`}, 0))`.execute(trx)
  const rows = await trx
    .selectFrom('exercise')
    .select(['version', 'owner', 'exercise'])
    .where('exercise_id', '=', id)
    .orderBy('version', 'desc')
    .execute()
  const [newest] = rows
  if (newest === undefined) {
    if (!listed.some(one => one.id === id)) return 'new'
    throw new PlatformError('CONFLICT', `${id} is an exercise of the bank itself`, { hint: 'Choose another id.' })
  }
  mustOwn(author, newest.owner, id)
  if (newest.version === version && isSame(newest.exercise, exercise)) return 'same'
  if (version > newest.version) return 'new'
  throw new PlatformError(
    'CONFLICT',
    `version ${version} of ${id} is not newer than version ${newest.version}, which stands`,
    {
      hint: `Set version: ${newest.version + 1}.`,
    },
  )
}

/** Whether a stored exercise is this one; a database may change the order of JSON keys. */
function isSame(stored: unknown, exercise: Exercise): boolean {
  return isDeepStrictEqual(stored, JSON.parse(JSON.stringify(exercise)))
}
