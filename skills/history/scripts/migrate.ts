import * as z from 'zod'
import { counted } from '../../../schemas/counted.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { pendingMigrations } from '../../../platform/history/migrate.ts'
import { findPlatform, heldTarget, targetOf } from '../../../platform/targets/resolve.ts'
import { defineScript, runAsMain } from '../../script.ts'

const migrate = defineScript({
  about:
    'Brings the history to this version; a folder with data is saved first, and `restore` of that copy is the undo.',
  effect: 'changes',
  needs: ['folder'],
  input: z.object({}),
  output: z.object({ applied: z.array(z.string()), backup: z.string().optional() }),
  async run(_input, { config, dryRun }) {
    const folder = config.LEARNFLOW_DATA_DIR
    if (heldTarget(folder) === undefined)
      throw new PlatformError('NOT_RUNNING', `there is no history in ${folder}`, { hint: 'learnflow up makes one.' })
    const target = await targetOf(folder)
    if (target.oneProcess && (await findPlatform(folder)) !== undefined)
      return { changed: 0, summary: 'the platform migrated it when it started', data: { applied: [] } }
    await using history = await target.history(config)
    const pending = await pendingMigrations(history.db)
    const plan = pending.map(name => `apply ${name}`)
    if (dryRun || pending.length === 0)
      return {
        changed: pending.length,
        summary: `${counted(pending.length, 'migration')} to apply`,
        data: { applied: [] },
        plan,
      }
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
