import { databaseDamage } from '../history/database-damage.ts'
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

/** What the files of a folder's database say of it. */
export async function databaseTroubles(database: string, target: 'embedded' | 'local'): Promise<Trouble[]> {
  const evidence = await databaseDamage(database)
  if (evidence === undefined) return []
  const then = target === 'embedded' ? 'restore and adopt one' : 'restore one and start its folder'
  return [
    {
      code: 'DATA_FOLDER_UNUSABLE',
      cause: `the database in ${database} is damaged`,
      evidence,
      fix: `learnflow history backups, then ${then}`,
    },
  ]
}
