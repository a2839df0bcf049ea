import type { Config } from '../../platform/config.ts'
import { existsSync } from 'node:fs'
import { takeDataFolder, dataPaths } from '../../platform/owner/data-folder.ts'
import { deployEngine, stopAll } from '../../platform/targets/local/deploy.ts'
import { engineAt, localConfig, readTopology, ensureTopology } from '../../platform/targets/local/topology.ts'
import { openEngineStores, openHistory } from '../../platform/open.ts'
import type { History } from '../../platform/ports/history.ts'
import { localSupervisor } from '../../platform/targets/local/home.ts'

/** The kind of platform that a history is restored for: that of the folder with the backup. */
export type TargetKind = 'embedded' | 'local'

export const storageKindOf = async (folder: string): Promise<TargetKind> =>
  (await readTopology(folder)) === undefined ? 'embedded' : 'local'

/** Whether a folder holds a history already. */
export const holdsHistory = async (folder: string, kind: TargetKind): Promise<boolean> =>
  kind === 'local' ? (await readTopology(folder)) !== undefined : existsSync(dataPaths(folder).database)

/**
 * The history of a folder that no platform runs on, made when there is none. Its own PostgreSQL runs while it is open.
 */
export async function openTarget(config: Config, kind: TargetKind): Promise<History> {
  await using stack = new AsyncDisposableStack()
  const history =
    kind === 'local'
      ? await onServer(config, stack)
      : stack.use(await openHistory(config, stack.use(await takeDataFolder(config.LEARNFLOW_DATA_DIR))))
  const owned = stack.move()
  return {
    db: history.db,
    transaction: history.transaction,
    migrate: history.migrate,
    [Symbol.asyncDispose]: async () => owned.disposeAsync(),
  }
}

/** On free ports, because the platform that was backed up probably uses those of the settings. */
async function onServer(config: Config, stack: AsyncDisposableStack): Promise<History> {
  const folder = config.LEARNFLOW_DATA_DIR
  const supervisor = localSupervisor(folder)
  const topology = await ensureTopology({ ...config, LEARNFLOW_LOCAL_PORTS: 0 }, true)
  const started = await deployEngine(await engineAt('postgres', folder, topology), supervisor)
  stack.defer(async () => void (await stopAll(started, supervisor)))
  return stack.use(await openEngineStores(await localConfig(config))).history
}
