import { unwritable } from '../owner/folder-place.ts'
import type { Trouble } from './trouble.ts'

/** Why a data folder can be used by no target. */
export async function folderObstacles(folder: string): Promise<Trouble[]> {
  const why = await unwritable(folder)
  if (why === undefined) return []
  return [
    {
      code: 'DATA_FOLDER_UNUSABLE',
      cause: why,
      evidence: 'nothing was started',
      fix: 'Choose another with --data DIR or correct its permissions.',
    },
  ]
}
