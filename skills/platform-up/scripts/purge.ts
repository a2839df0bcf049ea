import { existsSync } from 'node:fs'
import { readdir, rm, rmdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as z from 'zod'
import { dataPaths } from '../../../platform/owner/data-folder.ts'
import { localPaths } from '../../../platform/targets/local/layout.ts'
import { localEngines } from '../../../platform/targets/local/topology.ts'
import { runScript } from '../../registry.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { supervised } from '../../../platform/targets/running.ts'

const purge = defineScript({
  about: 'Stops the platform and deletes all its data, backups too. What others put into the folder stays.',
  effect: 'deletes',
  needs: ['folder'],
  input: z.object({}),
  output: z.object({ deleted: z.array(z.string()) }),
  confirm: (_input, { LEARNFLOW_DATA_DIR: folder }) => basename(folder),
  async run(_input, { config, dryRun, progress, signal }) {
    const folder = config.LEARNFLOW_DATA_DIR
    const stop = await runScript('platform-up/down', {}, { config, dryRun, progress, signal })
    const parts = await ownParts(folder)
    const plan = [...stop.plan, ...parts.map(part => `delete ${join(folder, part)}`)]
    const summary =
      parts.length === 0
        ? `there is no platform in ${folder}`
        : `purged ${folder}: ${parts.length} files and folders deleted`
    if (dryRun) return { changed: stop.changed + parts.length, summary, data: { deleted: [] }, plan }
    for (const part of parts) await rm(join(folder, part), { recursive: true, force: true })
    if (parts.length > 0 && (await readdir(folder)).length === 0) await rmdir(folder)
    return { changed: stop.changed + parts.length, summary, data: { deleted: parts } }
  },
})

/** The files and folders that a platform makes in its data folder; none in a folder without a platform. */
async function ownParts(folder: string): Promise<string[]> {
  const [embedded, local] = [dataPaths(folder), localPaths(folder)]
  if (![embedded.database, local.topology].some(path => existsSync(path))) return []
  const { engine, ...rest } = local
  const own = new Set(
    [...Object.values(embedded), ...Object.values(rest), ...localEngines.map(engine)].map(path => basename(path)),
  )
  const isOwn = (name: string): boolean =>
    own.has(name) || name.startsWith(`${supervised}.`) || name.startsWith('lock.db-')
  return (await readdir(folder)).filter(isOwn).toSorted()
}
export default purge
if (import.meta.main) await runAsMain(import.meta, purge)
