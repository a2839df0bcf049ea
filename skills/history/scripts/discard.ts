import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { dataPaths } from '../../../platform/owner/data-folder.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { targetOf } from '../../../platform/targets/resolve.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { backupName } from '../../../platform/history/backup-file.ts'
import { demandIdle, isRestored } from '../restored.ts'

const discard = defineScript({
  about: 'Deletes a backup by name, or with --folder what `restore` made there or `adopt` put aside: the undo of both.',
  effect: 'deletes',
  needs: ['folder'],
  input: z.object({
    name: z
      .string()
      .regex(backupName, 'the name of a backup')
      .optional()
      .describe('a backup')
      .meta({ positional: true }),
    folder: z
      .string()
      .min(1)
      .max(4_000)
      .optional()
      .describe('what restore filled, or adopt put aside')
      .meta({ path: true }),
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
    const home = config.LEARNFLOW_DATA_DIR
    if (folder !== undefined && (await targetOf(home)).adopts?.isAside(home, path) !== true) await demandRestored(path)
    if (!dryRun) await rm(path, { recursive: true })
    return { changed: 1, summary: `deleted ${shown}`, data: { deleted: dryRun ? '' : path }, plan: [`delete ${path}`] }
  },
})

/** @throws INVALID_INPUT for a folder that `restore` did not make, DATA_FOLDER_IN_USE for one that is in use. */
async function demandRestored(folder: string): Promise<void> {
  if (!isRestored(folder))
    throw new PlatformError('INVALID_INPUT', `${folder} was not made by restore`, {
      hint: 'Only what restore made is deleted here.',
    })
  await demandIdle(folder)
}
export default discard
if (import.meta.main) await runAsMain(import.meta, discard)
