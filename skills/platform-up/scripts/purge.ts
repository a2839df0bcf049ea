import { readdir, rm, rmdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as z from 'zod'
import { heldTarget, targetOf } from '../../../platform/targets/resolve.ts'
import { removeEndedJobs } from '../../../platform/owner/job-records.ts'
import { runScript } from '../../registry.ts'
import { defineScript, runAsMain } from '../../script.ts'

const purge = defineScript({
  about:
    'Stops the platform and deletes all its data, backups and ended jobs too. What others put into the folder stays.',
  effect: 'deletes',
  needs: ['folder'],
  input: z.object({}),
  output: z.object({ deleted: z.array(z.string()) }),
  confirm: (_input, { LEARNFLOW_DATA_DIR: folder }) => basename(folder),
  async run(_input, { config, dryRun, progress, signal }) {
    const folder = config.LEARNFLOW_DATA_DIR
    // Counted before the stop, which takes some of them away: the plan and the result count the same.
    const parts = await ownParts(folder)
    const stop = await runScript('platform-up/down', {}, { config, dryRun, progress, signal })
    const plan = [...stop.plan, ...parts.map(part => `delete ${join(folder, part)}`)]
    const summary =
      parts.length === 0
        ? `there is no platform in ${folder}`
        : `purged ${folder}: ${parts.length} files and folders deleted`
    if (dryRun) return { changed: stop.changed + parts.length, summary, data: { deleted: [] }, plan }
    const left = [...new Set([...parts, ...(await ownParts(folder))])]
    for (const part of left) await rm(join(folder, part), { recursive: true, force: true })
    await removeEndedJobs(folder)
    if (parts.length > 0 && (await readdir(folder)).length === 0) await rmdir(folder)
    return { changed: stop.changed + parts.length, summary, data: { deleted: parts } }
  },
})

/** The files and folders that a platform makes in its data folder; none in a folder without a platform. */
async function ownParts(folder: string): Promise<string[]> {
  if (heldTarget(folder) === undefined) return []
  const { owns } = await targetOf(folder)
  return (await readdir(folder)).filter(owns).toSorted()
}
export default purge
if (import.meta.main) await runAsMain(import.meta, purge)
