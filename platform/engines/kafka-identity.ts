import { readFile, rename } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hasCode } from '../errors.ts'

/** Where a broker keeps everything that it copies from the others. */
export const brokerData = (folder: string, broker: string): string => join(folder, broker, 'data')

const identityFile = (folder: string, broker: string): string => join(brokerData(folder, broker), 'meta.properties')

export const clusterIdFile = (folder: string): string => join(folder, 'cluster-id')

/** The id of the cluster, created with its first start; undefined before. */
export async function readClusterId(folder: string): Promise<string | undefined> {
  return textOf(clusterIdFile(folder))
}

/** A broker on whose data Kafka would not start, or start and never join the others. */
export interface DamagedBroker {
  name: string
  what: string
}

/** The brokers whose data does not say that it is theirs; `names` in the order of their numbers. */
export async function damagedBrokers(folder: string, names: readonly string[]): Promise<DamagedBroker[]> {
  const cluster = await readClusterId(folder)
  if (cluster === undefined) return []
  const looked = await Promise.all(
    names.map(async (name, at) => ({ name, what: await damageOf(folder, name, { cluster, node: String(at + 1) }) })),
  )
  return looked.flatMap(({ name, what }) => (what === undefined ? [] : [{ name, what }]))
}

async function damageOf(
  folder: string,
  broker: string,
  { cluster, node }: { cluster: string; node: string },
): Promise<string | undefined> {
  if (!existsSync(brokerData(folder, broker))) return undefined
  const file = identityFile(folder, broker)
  const text = await textOf(file)
  if (text === undefined) return `${file} is missing`
  const found = new Map(
    text.split('\n').map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
  const wanted = { version: '1', 'cluster.id': cluster, 'node.id': node }
  const wrong = Object.entries(wanted).find(([name, value]) => found.get(name)?.trim() !== value)
  return wrong === undefined
    ? undefined
    : `${file} has ${wrong[0]} ${found.get(wrong[0]) ?? 'nowhere'}, not ${wrong[1]}`
}

/** Puts a damaged identity aside, so that formatting writes a new one; the records of the broker stay. */
export async function putIdentityAside(folder: string, { name }: DamagedBroker): Promise<void> {
  const file = identityFile(folder, name)
  if (existsSync(file)) await rename(file, `${file}.damaged`)
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}
