import { randomBytes, randomUUID } from 'node:crypto'
import { access, chmod, constants, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import type { Config } from '../config.ts'
import { within } from '../data-folder.ts'
import type { Engine } from '../engines/engine.ts'
import { kafkaEngine } from '../engines/kafka.ts'
import { freePorts } from '../engines/ports.ts'
import { postgresEngine, postgresUrl } from '../engines/postgres.ts'
import { redisEngine } from '../engines/redis.ts'
import { PlatformError } from '../errors.ts'

const Port = z.number().int().min(1).max(65_535)

/** Where the engines of the `local` target are: made once per data folder and kept, because data and ports belong together. */
const LocalPlace = z.strictObject({
  kafka: z.array(z.strictObject({ port: Port, controllerPort: Port })).length(3),
  redis: z.array(z.strictObject({ port: Port, busPort: Port })).length(6),
  postgres: z.strictObject({ port: Port, password: z.string().min(16) }),
})
export type LocalPlace = z.infer<typeof LocalPlace>

export const localEngines = ['kafka', 'redis', 'postgres'] as const
export type LocalEngine = (typeof localEngines)[number]

const portsNeeded = 3 * 2 + 6 * 2 + 1

/** The parts of a data folder of the `local` target. Every process of it has its state, lock and log in `processes`. */
export const localWithin = (folder: string) => ({
  place: join(folder, 'local.json'),
  processes: join(folder, 'processes'),
  engine: (name: LocalEngine) => join(folder, name),
})

/** Undefined when the folder is none of the `local` target. @throws DATA_FOLDER_UNUSABLE for a record that cannot be understood. */
export async function readPlace(folder: string): Promise<LocalPlace | undefined> {
  const file = localWithin(folder).place
  try {
    return LocalPlace.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return undefined
    throw new PlatformError('DATA_FOLDER_UNUSABLE', `${file} does not say where the engines are`, {
      hint: 'Mend it, or choose another folder with --data DIR.',
      cause,
    })
  }
}

/**
 * The place of this folder, made when there is none yet; `save` false only tells what it would be.
 * @throws INVALID_INPUT for a folder of the embedded target.
 */
export async function takePlace({ LEARNFLOW_DATA_DIR: folder, LEARNFLOW_LOCAL_PORTS: first }: Config, save: boolean): Promise<LocalPlace> {
  const known = await readPlace(folder)
  if (known !== undefined) return known
  if (await isThere(within(folder).database))
    throw new PlatformError('INVALID_INPUT', `${folder} holds an embedded platform`, { hint: 'Choose another folder with --data DIR.' })
  const ports = first === 0 ? await freePorts(portsNeeded) : Array.from({ length: portsNeeded }, (_, at) => first + at)
  const place = placeOn(ports)
  return save ? savePlace(folder, place) : place
}

function placeOn(ports: readonly number[]): LocalPlace {
  const at = (index: number): number => ports[index] ?? 0
  return {
    kafka: [0, 2, 4].map(index => ({ port: at(index), controllerPort: at(index + 1) })),
    redis: [6, 8, 10, 12, 14, 16].map(index => ({ port: at(index), busPort: at(index + 1) })),
    postgres: { port: at(18), password: randomBytes(24).toString('base64url') },
  }
}

/** Of two that save at once the first counts, for both. */
async function savePlace(folder: string, place: LocalPlace): Promise<LocalPlace> {
  const { place: file, processes } = localWithin(folder)
  await mkdir(processes, { recursive: true, mode: 0o700 })
  // PostgreSQL may have to run as another user, who must be able to reach its own folder in this one.
  if (process.getuid?.() === 0) await chmod(folder, 0o711)
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, `${JSON.stringify(place, null, 2)}\n`, { mode: 0o600 })
  try {
    await link(draft, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await rm(draft)
  }
  return (await readPlace(folder)) ?? place
}

/** The names of all processes that were ever started on this folder. */
export async function processNames(folder: string): Promise<string[]> {
  const { processes } = localWithin(folder)
  if (!(await isThere(processes))) return []
  return (await readdir(processes)).flatMap(file => (file.endsWith('.state.json') ? file.slice(0, -'.state.json'.length) : [])).toSorted()
}

async function isThere(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  )
}

/** @throws NOT_RUNNING when it is not installed. */
export async function engineAt(name: LocalEngine, folder: string, place: LocalPlace): Promise<Engine> {
  const own = localWithin(folder).engine(name)
  if (name === 'kafka') return kafkaEngine({ folder: own, nodes: place.kafka })
  if (name === 'redis') return redisEngine({ folder: own, nodes: place.redis, replicas: 1 })
  return postgresEngine({ folder: own, ...place.postgres })
}

const address = ({ port }: { port: number }): string => `127.0.0.1:${port}`

/** The settings with which a process works on these engines. */
export function onPlace(config: Config, place: LocalPlace): Config {
  return {
    ...config,
    LEARNFLOW_ENGINE: config.LEARNFLOW_ENGINE === 'embedded' ? 'direct' : config.LEARNFLOW_ENGINE,
    LEARNFLOW_KAFKA_BROKERS: place.kafka.map(address).join(','),
    LEARNFLOW_REDIS_NODES: place.redis.map(address).join(','),
    LEARNFLOW_POSTGRES_URL: postgresUrl({ folder: '', ...place.postgres }),
  }
}

/** As given, or on the engines of the data folder when it is one of the `local` target. */
export async function localConfig(config: Config): Promise<Config> {
  const place = await readPlace(config.LEARNFLOW_DATA_DIR)
  return place === undefined ? config : onPlace(config, place)
}
