import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import { ExerciseFile } from '../../schemas/exercise.ts'
import type { History } from '../../platform/ports/history.ts'
import type { ExerciseBank } from '../../tutor/exercise/bank.ts'
import type { Exercise } from '../../tutor/exercise/parse-exercise.ts'

const refreshMs = 5_000

interface Known {
  exercise: Exercise
  retired: boolean
}

/**
 * The exercises of the files together with those that teachers added, which are in the history. An exercise added by
 * another process is known after at most 5 s, and at once to a caller of `find`. A retired exercise is not listed, but
 * submissions to it are still graded.
 */
export async function withStored(
  files: ExerciseBank,
  { history, logger }: { history: Pick<History, 'db'>; logger: Logger },
): Promise<ExerciseBank & Disposable> {
  const added = new Map<string, Map<number, Known>>()
  let listed = files.list()
  let { version } = files

  const newest = (id: string): Known | undefined =>
    [...(added.get(id) ?? [])].toSorted(([one], [other]) => other - one)[0]?.[1]
  const exact = (id: string, wanted: number | undefined): Exercise | undefined =>
    wanted === undefined
      ? undefined
      : (added.get(id)?.get(wanted)?.exercise ?? files.list().find(one => one.id === id && one.version === wanted))

  const refresh = async (): Promise<void> => {
    const rows = await history.db.selectFrom('exercise').select(['exercise_id', 'version', 'retired_at']).execute()
    for (const { exercise_id: id, version: number, retired_at } of rows) {
      const versions = added.get(id) ?? new Map<number, Known>()
      const exercise = versions.get(number)?.exercise ?? (await read(history.db, id, number))
      added.set(id, versions.set(number, { exercise, retired: retired_at !== null }))
    }
    const own = [...added.keys()].toSorted().flatMap(id => {
      const known = newest(id)
      return known === undefined || known.retired ? [] : known.exercise
    })
    listed = [...files.list(), ...own]
    version =
      own.length === 0
        ? files.version
        : createHash('sha256')
            .update(JSON.stringify([files.version, own]))
            .digest('hex')
            .slice(0, 12)
  }
  await refresh()
  for (const { path, line, message } of files.faults)
    logger.warn({ path, line }, `an exercise is absent, its file is faulty: ${message}`)
  const timer = setInterval(
    () =>
      void refresh().catch((error: unknown) =>
        logger.warn({ err: error }, 'the added exercises could not be read now'),
      ),
    refreshMs,
  ).unref()
  const get = (id: string, wanted?: number): Exercise => exact(id, wanted) ?? newest(id)?.exercise ?? files.get(id)
  return {
    get version() {
      return version
    },
    faults: files.faults,
    list: () => listed,
    get,
    async find(id, wanted) {
      if (exact(id, wanted) === undefined) await refresh()
      return get(id, wanted)
    },
    refresh,
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

async function read(db: History['db'], id: string, version: number): Promise<Exercise> {
  const row = await db
    .selectFrom('exercise')
    .select('exercise')
    .where('exercise_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirstOrThrow()
  return ExerciseFile.parse(row.exercise)
}
