import { basename } from 'node:path'
import { PlatformError } from '../../platform/errors.ts'
import { listBackups } from '../../platform/history/backup-file.ts'
import { nearest } from '../nearest.ts'

const ending = /\.(?:jsonl|tar)\.gz$/

/**
 * The name of a backup in this folder that is meant, with or without its ending. @throws NOT_FOUND with those that are
 * named most alike
 */
export async function findBackup(folder: string, wanted: string): Promise<string> {
  const names = (await listBackups(folder)).map(({ name }) => name)
  const bare = (name: string): string => basename(name).replace(ending, '')
  const found = names.find(name => name === wanted) ?? names.find(name => bare(name) === bare(wanted))
  if (found !== undefined) return found
  const alike = nearest(wanted, names, 2)
  throw new PlatformError('NOT_FOUND', `there is no backup ${wanted}`, {
    hint: alike.length === 0 ? 'There is none yet: learnflow history backup.' : `Did you mean ${alike.join(' or ')}?`,
  })
}
