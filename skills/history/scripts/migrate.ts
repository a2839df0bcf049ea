import { existsSync } from 'node:fs'
import * as z from 'zod'
import { takeDataFolder, within } from '../../../platform/data-folder.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { pendingMigrations } from '../../../platform/migrate.ts'
import { openHistory } from '../../../platform/open.ts'
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
export default migrate
if (import.meta.main) await runAsMain(import.meta, migrate)
