import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../../errors.ts'
import type { Trouble } from '../trouble.ts'
import { type LocalEngine, localEngines } from './topology.ts'
import { localPaths } from './layout.ts'

/** With less free space an engine cannot go on, in MB. */
const leastMegabytes = 16
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

async function freeMegabytes(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path)
    return (bavail * bsize) / 2 ** 20
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}
