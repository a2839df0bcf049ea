import { existsSync } from 'node:fs'
import { sql } from 'kysely'
import * as z from 'zod'
import type { Config } from '../../../platform/config.ts'
import { takeDataFolder, dataPaths } from '../../../platform/owner/data-folder.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { pendingMigrations } from '../../../platform/history/migrate.ts'
import { localConfig, readTopology } from '../../../platform/targets/local/topology.ts'
import { openEngineStores, openHistory } from '../../../platform/open.ts'
import type { History } from '../../../platform/ports/history.ts'
import { findPlatform } from '../../../platform/targets/running.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { saveHistory } from '../save.ts'

const migrate = defineScript({
  about:
    'Brings the history to this version; a folder with data is saved first, and `restore` of that copy is the undo.',
  effect: 'changes',
  needs: ['folder'],
  input: z.object({}),
  output: z.object({ applied: z.array(z.string()), backup: z.string().optional() }),
  async run(_input, { config, dryRun }) {
    const folder = config.LEARNFLOW_DATA_DIR
    if ((await readTopology(folder)) !== undefined) return onEngines(config, dryRun)
    if (!existsSync(dataPaths(folder).database))
      throw new PlatformError('NOT_RUNNING', `there is no history in ${folder}`, { hint: 'learnflow up makes one.' })
    if ((await findPlatform(folder)) !== undefined)
      return { changed: 0, summary: 'the platform migrated it when it started', data: { applied: [] } }
    await using data = await takeDataFolder(folder)
    await using history = await openHistory(config, data)
    const pending = await pendingMigrations(history.db)
    const plan = pending.map(name => `apply ${name}`)
    if (dryRun || pending.length === 0)
      return { changed: pending.length, summary: `${pending.length} migrations to apply`, data: { applied: [] }, plan }
    const { applied, backup } = await history.migrate()
    return {
      changed: applied.length,
      summary: `applied ${applied.join(', ')}${backup === undefined ? '' : `; saved before as ${backup}`}`,
      data: { applied, ...(backup === undefined ? {} : { backup }) },
    }
  },
})

/** Migrates the history on a server, as processes that start do, too. Existing rows are saved first. */
async function onEngines(config: Config, dryRun: boolean) {
  await using stores = await openEngineStores(await localConfig(config))
  const { history } = stores
  const [pending, made] = [await pendingMigrations(history.db), await hasTables(history)]
  const summary = `${dryRun ? 'apply' : 'applied'} ${pending.length} migrations`
  const plan = pending.map(name => `apply ${name}`)
  if (dryRun || pending.length === 0) return { changed: pending.length, summary, data: { applied: [] }, plan }
  const backup = made
    ? (await saveHistory(history, dataPaths(config.LEARNFLOW_DATA_DIR).backups, true)).name
    : undefined
  const { applied } = await history.migrate()
  return {
    changed: applied.length,
    summary: `${summary}${backup === undefined ? '' : `; saved before as ${backup}`}`,
    data: { applied, ...(backup === undefined ? {} : { backup }) },
  }
}

async function hasTables({ db }: History): Promise<boolean> {
  const { rows } = await sql<{ name: string | null }>`select to_regclass('kysely_migration')::text as name`.execute(db)
  return rows[0]?.name !== null
}
export default migrate
if (import.meta.main) await runAsMain(import.meta, migrate)
