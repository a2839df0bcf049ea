import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { takeDataFolder, dataPaths } from '../../../platform/owner/data-folder.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { targetOf } from '../../../platform/targets/resolve.ts'
import { isUp } from '../../../platform/targets/running.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { backupName } from '../../../platform/history/backup-file.ts'
import { restoredMark } from '../restored.ts'
import { counted } from '../../../schemas/counted.ts'

const discard = defineScript({
  about: 'Deletes a backup by name, or with --folder what `restore` made there: the undo of both.',
  effect: 'deletes',
  needs: ['folder'],
  input: z.object({
    name: z
      .string()
      .regex(backupName, 'the name of a backup')
      .optional()
      .describe('a backup')
      .meta({ positional: true }),
    folder: z.string().min(1).max(4_000).optional().describe('a folder that restore filled').meta({ path: true }),
  }),
  output: z.object({ deleted: z.string() }),
  confirm: ({ name, folder }) => name ?? folder ?? '',
  async run({ name, folder }, { config, dryRun }) {
    if ((name === undefined) === (folder === undefined))
      throw new PlatformError('INVALID_INPUT', 'name either a backup or a folder', {
        hint: 'learnflow history discard --help',
      })
    const path = name === undefined ? resolve(folder ?? '') : join(dataPaths(config.LEARNFLOW_DATA_DIR).backups, name)
    const shown = name ?? path
    if (!existsSync(path)) return { changed: 0, summary: `there is no ${shown}`, data: { deleted: '' } }
    if (folder !== undefined) await demandRestored(path)
    if (!dryRun) await rm(path, { recursive: true })
    return { changed: 1, summary: `deleted ${shown}`, data: { deleted: dryRun ? '' : path }, plan: [`delete ${path}`] }
  },
})

/**
 * @throws INVALID_INPUT for a folder that `restore` did not fill, DATA_FOLDER_IN_USE for one that a platform runs on.
 */
async function demandRestored(folder: string): Promise<void> {
  if (!existsSync(join(folder, restoredMark)))
    throw new PlatformError('INVALID_INPUT', `${folder} was not made by restore`, {
      hint: 'Only what restore made is deleted here.',
    })
  const up = (await (await targetOf(folder)).processes(folder)).filter(isUp)
  if (up.length > 0)
    throw new PlatformError('DATA_FOLDER_IN_USE', `a platform runs on ${folder}, ${counted(up.length, 'process')}`, {
      hint: `learnflow down --data ${folder}`,
    })
  await using _free = await takeDataFolder(folder)
}
export default discard
if (import.meta.main) await runAsMain(import.meta, discard)
