import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PlatformError } from '../../platform/errors.ts'
import { takeDataFolder } from '../../platform/owner/data-folder.ts'
import { targetOf } from '../../platform/targets/resolve.ts'
import { isUp } from '../../platform/targets/running.ts'
import { counted } from '../../schemas/counted.ts'

/** A file with the name of the backup, in a folder that `restore` filled. `discard` deletes only such a folder. */
export const restoredMark = 'restored-from'
/** The same while it is being filled; it stays behind when that was interrupted. */
export const restoringMark = 'restoring-from'

/** Whether `restore` made the folder, or began to. */
export const isRestored = (folder: string): boolean =>
  [restoredMark, restoringMark].some(mark => existsSync(join(folder, mark)))

/** @throws DATA_FOLDER_IN_USE for a folder that a platform runs on, or that another process has open. */
export async function demandIdle(folder: string): Promise<void> {
  const up = (await (await targetOf(folder)).processes(folder)).filter(isUp)
  if (up.length > 0)
    throw new PlatformError('DATA_FOLDER_IN_USE', `a platform runs on ${folder}, ${counted(up.length, 'process')}`, {
      hint: `learnflow down --data ${folder}`,
    })
  await using _free = await takeDataFolder(folder)
}
