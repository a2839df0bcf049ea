import { readFile } from 'node:fs/promises'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { findEngines } from '../platform/engines/find.ts'
import { root } from '../verify/test-platform.ts'

const clients = ['@electric-sql/pglite', 'kafkajs', 'ioredis', 'pg', 'fastify', 'pyodide'] as const
const Package = z.object({ version: z.string() })

/** Versions, machine and engines of a measurement, in one line. */
export async function machineLine(): Promise<string> {
  const [first] = cpus()
  const gigabytes = (totalmem() / 1_024 ** 3).toFixed(0)
  const engines = (await findEngines()).map(({ name, version = 'missing' }) => `${name} ${version}`)
  const packages = await Promise.all(
    clients.map(async name => `${name} ${await versionOf(join('node_modules', name))}`),
  )
  return [
    `LearnFlow ${await versionOf('.')}`,
    `${cpus().length} x ${first?.model ?? 'unknown'}, ${gigabytes} GB`,
    `Linux ${release()}`,
    `Node ${process.versions.node}`,
    ...engines,
    ...packages,
  ].join(', ')
}

const versionOf = async (folder: string): Promise<string> =>
  Package.parse(JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'))).version

/**
 * The mean number of processes that wanted to run in the last minute; above the number of cores they delayed each
 * other.
 */
export const loadAverage = (): string => loadavg()[0]?.toFixed(1) ?? ''
