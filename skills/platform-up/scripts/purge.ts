import { existsSync } from 'node:fs'
import { readdir, rm, rmdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as z from 'zod'
import { listBackups } from '../../../platform/history/backup-file.ts'
import { dataPaths } from '../../../platform/owner/data-folder.ts'
import { counted } from '../../../schemas/counted.ts'
import { heldTarget, targetOf } from '../../../platform/targets/resolve.ts'
import { removeEndedJobs } from '../../../platform/owner/job-records.ts'
import { runScript } from '../../registry.ts'
import { defineScript, runAsMain } from '../../script.ts'

const purge = defineScript({
  about:
    'Stops the platform and deletes its data and ended jobs, and with --no-keep-backups its backups. What others put into the folder stays.',
  effect: 'deletes',
  needs: ['folder'],
  input: z.object({
    keep_backups: z.boolean().default(true).describe('whether the backups stay'),
  }),
  output: z.object({ deleted: z.array(z.string()), backups: z.array(z.string()) }),
  confirm: (_input, { LEARNFLOW_DATA_DIR: folder }) => basename(folder),
  async run({ keep_backups: keeps }, { config, dryRun, progress, signal }) {
    const folder = config.LEARNFLOW_DATA_DIR
    // Counted before the stop, which takes some of them away: the plan and the result count the same.
    const { backups: place } = dataPaths(folder)
    const backups = (await listBackups(place)).map(({ name }) => name)
    const kept = keeps && backups.length > 0 ? basename(place) : undefined
    const parts = (await ownParts(folder)).filter(part => part !== kept)
    const stop = await runScript('platform-up/down', {}, { config, dryRun, progress, signal })
    const plan = [
      ...stop.plan,
      ...backups.map(name => `${keeps ? 'keep' : 'delete'} the backup ${name}`),
      ...parts.map(part => `delete ${join(folder, part)}`),
    ]
    const summary =
      parts.length === 0
        ? `there is no platform in ${folder}${told(kept, backups)}`
        : `purged ${folder}: ${parts.length} files and folders deleted${told(kept, backups)}`
    if (dryRun) return { changed: stop.changed + parts.length, summary, data: { deleted: [], backups }, plan }
    const left = [...new Set([...parts, ...(await ownParts(folder)).filter(part => part !== kept)])]
    for (const part of left) await rm(join(folder, part), { recursive: true, force: true })
    await removeEndedJobs(folder)
    if (parts.length > 0 && existsSync(folder) && (await readdir(folder)).length === 0) await rmdir(folder)
    return { changed: stop.changed + parts.length, summary, data: { deleted: parts, backups } }
  },
})

const told = (kept: string | undefined, backups: readonly string[]): string =>
  kept === undefined ? '' : `, ${counted(backups.length, 'backup')} kept in ${kept}`

/** The files and folders that a platform makes in its data folder; in one without a platform its kept backups at most. */
async function ownParts(folder: string): Promise<string[]> {
  const { backups } = dataPaths(folder)
  if (heldTarget(folder) === undefined) return (await listBackups(backups)).length > 0 ? [basename(backups)] : []
  const { owns } = await targetOf(folder)
  return (await readdir(folder)).filter(owns).toSorted()
}
export default purge
if (import.meta.main) await runAsMain(import.meta, purge)
