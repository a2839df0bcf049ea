import { existsSync } from 'node:fs'
import * as z from 'zod'
import type { Config } from '../../../platform/config.ts'
import { takeDataFolder, within } from '../../../platform/data-folder.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { pendingMigrations } from '../../../platform/migrate.ts'
import { localConfig, readPlace } from '../../../platform/local/place.ts'
import { openEngineStores, openHistory } from '../../../platform/open.ts'
import { findPlatform } from '../../platform-up/running.ts'
import { defineScript, runAsMain } from '../../script.ts'

const migrate = defineScript({
  about: 'Brings the history to this version; a folder with data is saved first, and `restore` of that copy is the undo.',
  effect: 'changes',
  needs: ['folder'],
  input: z.object({}),
  output: z.object({ applied: z.array(z.string()), backup: z.string().optional() }),
  async run(_input, { config, dryRun }) {
    const folder = config.LEARNFLOW_DATA_DIR
    if ((await readPlace(folder)) !== undefined) return onEngines(config, dryRun)
    if (!existsSync(within(folder).database)) throw new PlatformError('NOT_RUNNING', `there is no history in ${folder}`, { hint: 'learnflow up makes one.' })
    if ((await findPlatform(folder)) !== undefined) return { changed: 0, summary: 'the platform migrated it when it started', data: { applied: [] } }
    await using data = await takeDataFolder(folder)
    await using history = await openHistory(config, data)
    const pending = await pendingMigrations(history.db)
    const plan = pending.map(name => `apply ${name}`)
    if (dryRun || pending.length === 0) return { changed: pending.length, summary: `${pending.length} migrations to apply`, data: { applied: [] }, plan }
    const { applied, backup } = await history.migrate()
    return {
      changed: applied.length,
      summary: `applied ${applied.join(', ')}${backup === undefined ? '' : `; saved before as ${backup}`}`,
      data: { applied, ...(backup === undefined ? {} : { backup }) },
    }
  },
})
/** A server's own history; processes that start bring it up to date, too. */
async function onEngines(config: Config, dryRun: boolean) {
  await using stores = await openEngineStores(await localConfig(config))
  const pending = await pendingMigrations(stores.history.db)
  if (!dryRun) await stores.history.migrate()
  const plan = pending.map(name => `apply ${name}`)
  return { changed: pending.length, summary: `${dryRun ? 'apply' : 'applied'} ${pending.length} migrations`, data: { applied: dryRun ? [] : pending }, plan }
}
export default migrate
if (import.meta.main) await runAsMain(import.meta, migrate)
