import { randomBytes, randomUUID } from 'node:crypto'
import { access, chmod, constants, link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import type { Config } from '../../config.ts'
import { dataPaths } from '../../owner/data-folder.ts'
import type { Engine } from '../../engines/engine.ts'
import { kafkaEngine } from '../../engines/kafka.ts'
import { freePorts } from '../../engines/ports.ts'
import { postgresEngine } from '../../engines/postgres.ts'
import { redisEngine } from '../../engines/redis.ts'
import { PlatformError, hasCode } from '../../errors.ts'
import { makeFolders } from '../../owner/folder-place.ts'
import { takeLock } from '../../owner/lock.ts'
import { Topology, localPaths } from './layout.ts'
import { withFirstInstances } from './instances.ts'

export const localEngines = ['kafka', 'redis', 'postgres'] as const
export type LocalEngine = (typeof localEngines)[number]

const enginePorts = 3 * 2 + 6 * 2 + 1
const lockMs = 10_000

/**
 * Undefined when the folder is not of the `local` target. @throws DATA_FOLDER_UNUSABLE for a record that cannot be
 * parsed.
 */
export async function readTopology(folder: string): Promise<Topology | undefined> {
  const file = localPaths(folder).topology
  try {
    return Topology.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'ENOTDIR')) return undefined
    throw new PlatformError('DATA_FOLDER_UNUSABLE', `${file} does not say where the engines are`, {
      hint: 'Mend it, or choose another folder with --data DIR.',
      cause,
    })
  }
}

/** @throws NOT_RUNNING when the folder is not of the `local` target. */
export async function demandTopology(folder: string): Promise<Topology> {
  const topology = await readTopology(folder)
  if (topology !== undefined) return topology
  throw new PlatformError('NOT_RUNNING', `${folder} holds no platform of the target local`, {
    hint: 'learnflow up --target local',
  })
}

/**
 * The topology of this folder, made from the settings when it has none yet; with `save` false it is only returned.
 * @throws INVALID_INPUT for a folder of the embedded target; PORT_IN_USE when two processes would have the same port.
 */
export async function ensureTopology(config: Config, save: boolean): Promise<Topology> {
  const { LEARNFLOW_DATA_DIR: folder, LEARNFLOW_LOCAL_PORTS: first } = config
  const known = await readTopology(folder)
  if (known !== undefined) return known
  if (await isThere(dataPaths(folder).database))
    throw new PlatformError('INVALID_INPUT', `${folder} holds an embedded platform`, {
      hint: 'Choose another folder with --data DIR.',
    })
  const ports = first === 0 ? await freePorts(enginePorts) : Array.from({ length: enginePorts }, (_, at) => first + at)
  const engine = config.LEARNFLOW_DRIVERS === 'direct' ? 'direct' : 'dapr'
  const topology = await withFirstInstances(
    { ...enginesOn(ports), engine, first_port: first, members: [] },
    config.LEARNFLOW_HTTP_PORT,
  )
  return save ? saveTopology(folder, topology) : topology
}

function enginesOn(ports: readonly number[]): Pick<Topology, LocalEngine> {
  const at = (index: number): number => ports[index] ?? 0
  return {
    kafka: [0, 2, 4].map(index => ({ port: at(index), controllerPort: at(index + 1) })),
    redis: [6, 8, 10, 12, 14, 16].map(index => ({ port: at(index), busPort: at(index + 1) })),
    postgres: { port: at(18), password: randomBytes(24).toString('base64url') },
  }
}

const textOf = (topology: Topology): string => `${JSON.stringify(topology, null, 2)}\n`

/** When two processes save at once, the first topology counts for both. */
async function saveTopology(folder: string, topology: Topology): Promise<Topology> {
  const { topology: file, processes } = localPaths(folder)
  // PostgreSQL may have to run as another user, who must be able to reach its own folder in this one.
  const isRoot = process.getuid?.() === 0
  await makeFolders(folder, isRoot ? 0o711 : 0o700)
  if (isRoot) await chmod(folder, 0o711)
  await mkdir(processes, { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, textOf(topology), { mode: 0o600 })
  try {
    await link(draft, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await rm(draft)
  }
  return (await readTopology(folder)) ?? topology
}

/** The names of all processes that were ever started in this folder. */
export async function processNames(folder: string): Promise<string[]> {
  const { processes } = localPaths(folder)
  if (!(await isThere(processes))) return []
  return (await readdir(processes))
    .flatMap(file => (file.endsWith('.state.json') ? file.slice(0, -'.state.json'.length) : []))
    .toSorted()
}

async function isThere(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  )
}

/** @throws NOT_RUNNING when it is not installed. */
export async function engineAt(name: LocalEngine, folder: string, topology: Topology): Promise<Engine> {
  const own = localPaths(folder).engine(name)
  if (name === 'kafka') return kafkaEngine({ folder: own, nodes: topology.kafka })
  if (name === 'redis') return redisEngine({ folder: own, nodes: topology.redis, replicas: 1 })
  return postgresEngine({ folder: own, ...topology.postgres })
}

/**
 * Changes the topology of a folder, one change at a time. @throws NOT_RUNNING when it has none; DATA_FOLDER_IN_USE when
 * another process changes it for too long.
 */
export async function updateTopology(
  folder: string,
  change: (topology: Topology) => Topology | Promise<Topology>,
): Promise<Topology> {
  const { topology: file, lock: lockFile } = localPaths(folder)
  const before = await demandTopology(folder)
  using lock = takeLock(lockFile, lockMs)
  if (lock === undefined)
    throw new PlatformError('DATA_FOLDER_IN_USE', `another command changes ${file}`, {
      hint: 'Try again when it has ended.',
    })
  const changed = Topology.parse(await change((await readTopology(folder)) ?? before))
  await writeFile(`${file}.new`, textOf(changed), { mode: 0o600 })
  await rename(`${file}.new`, file)
  return changed
}
