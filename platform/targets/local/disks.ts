import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../../errors.ts'
import type { Trouble } from '../trouble.ts'
import { type LocalEngine, localEngines } from './topology.ts'
import { localPaths } from './layout.ts'
import { nearestFolder } from '../../owner/folder-place.ts'

/** With less free space an engine cannot go on, in MB. */
const leastMegabytes = 16
/** What a first start writes, four times over, in MB. */
const firstMegabytes = 200
const nodes: Readonly<Record<LocalEngine, readonly string[]>> = {
  kafka: ['kafka-1', 'kafka-2', 'kafka-3'],
  redis: ['redis-1', 'redis-2', 'redis-3', 'redis-4', 'redis-5', 'redis-6'],
  postgres: ['data'],
}

/** The engines whose disks are full; each may have one of its own. */
export async function fullDisks(folder: string): Promise<Trouble[]> {
  const all = localEngines.flatMap(engine =>
    nodes[engine].map(node => ({
      name: engine === 'postgres' ? engine : node,
      path: join(localPaths(folder).engine(engine), node),
    })),
  )
  const looked = await Promise.all(all.map(async one => ({ ...one, free: await freeMegabytes(one.path) })))
  const full = looked.filter(({ free }) => free !== undefined && free < leastMegabytes)
  const [first] = full
  if (first === undefined) return []
  return [
    {
      code: 'STORAGE_FULL',
      cause: `the disk of ${full.map(({ name }) => name).join(', ')} is full`,
      evidence: `${first.free?.toFixed(0)} MB free in ${first.path}`,
      fix: `free some space on the disk of ${first.path} (df ${first.path}): what has ended starts again by itself`,
    },
  ]
}

/** Why there is no room to start on a folder: for everything when nothing is there yet, else for an engine to go on. */
export async function roomTroubles(folder: string, isNew: boolean): Promise<Trouble[]> {
  if (!isNew) return fullDisks(folder)
  const free = (await freeMegabytes(await nearestFolder(folder))) ?? 0
  if (free >= firstMegabytes) return []
  return [
    {
      code: 'STORAGE_FULL',
      cause: `the disk of ${folder} is full`,
      evidence: `${free.toFixed(0)} MB free, a first start takes ${firstMegabytes}`,
      fix: 'Free some space, or choose another folder with --data.',
    },
  ]
}

async function freeMegabytes(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path)
    return (bavail * bsize) / 2 ** 20
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}
