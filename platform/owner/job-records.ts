import { createHash } from 'node:crypto'
import { readdir, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { stateFolder } from '../config.ts'
import { hasCode } from '../errors.ts'
import { isLocked } from './lock.ts'

/** A job that is beginning has taken its lock by then. */
const youngMs = 30_000

/**
 * The folder of the jobs for one data folder. It lies outside, because reading the state of a platform must not create
 * its data folder.
 */
export function jobsFolder(dataFolder: string): string {
  return join(stateFolder(), 'mcp', createHash('sha256').update(dataFolder).digest('hex').slice(0, 12))
}

export const jobPaths = (folder: string, id: string) => ({
  record: join(folder, `${id}.json`),
  log: join(folder, `${id}.log`),
  lock: join(folder, `${id}.lock`),
})

export async function removeJob(folder: string, id: string): Promise<void> {
  const { record, log, lock } = jobPaths(folder, id)
  await Promise.all(
    [record, `${record}.new`, log, lock, `${lock}-journal`].map(async file => rm(file, { force: true })),
  )
}

/** Deletes what is kept of the jobs of a data folder, without those that run or are about to. Returns how many. */
export async function removeEndedJobs(dataFolder: string): Promise<number> {
  const folder = jobsFolder(dataFolder)
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return []
    throw error
  })
  const ids = new Set(names.map(name => name.split('.')[0] ?? ''))
  let removed = 0
  for (const id of ids)
    if (!isLocked(jobPaths(folder, id).lock) && !(await isYoung(jobPaths(folder, id).record))) {
      await removeJob(folder, id)
      removed += 1
    }
  if (removed > 0 && removed === ids.size) await rmdir(folder)
  return removed
}

async function isYoung(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined)
  return found !== undefined && Date.now() - found.mtimeMs < youngMs
}
