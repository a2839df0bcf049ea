import { join } from 'node:path'
import * as z from 'zod'
import { agentNames } from '../../../schemas/words.ts'
import type { Config } from '../../config.ts'
import { postgresUrl } from '../../engines/postgres.ts'

const Port = z.number().int().min(1).max(65_535)

/** The roles of the platform's processes: the API, or one of the agents. */
export const instanceRoles = ['api', ...agentNames] as const
export type InstanceRole = (typeof instanceRoles)[number]

/**
 * One of the platform's own processes: `exercise-1` is the first of those that run the agent `exercise` together.
 * `port` is where an API process listens; `sidecar` holds the ports between it and its daprd, which runs when the
 * engine is `dapr`.
 */
const Instance = z.strictObject({
  name: z.string().regex(/^[a-z]+-[1-9]\d*$/),
  role: z.enum(instanceRoles),
  port: Port.optional(),
  sidecar: z.strictObject({ app: Port, http: Port, grpc: Port, internal: Port, metrics: Port }),
})
export type Instance = z.infer<typeof Instance>

/**
 * What a `local` platform consists of and where it listens. It is made once per data folder and kept, because data and
 * ports belong together. `engine`: the drivers of its own processes; `first_port`: where the search for more ports
 * begins, 0 for free ones of the system.
 */
export const Topology = z.strictObject({
  kafka: z.array(z.strictObject({ port: Port, controllerPort: Port })).length(3),
  redis: z.array(z.strictObject({ port: Port, busPort: Port })).length(6),
  postgres: z.strictObject({ port: Port, password: z.string().min(16) }),
  engine: z.enum(['direct', 'dapr']),
  first_port: z.number().int().min(0).max(65_535),
  members: z.array(Instance),
})
export type Topology = z.infer<typeof Topology>

/** The paths in a data folder of the `local` target. Every process of it has its state, lock and log in `processes`. */
export const localPaths = (folder: string) => ({
  topology: join(folder, 'local.json'),
  lock: join(folder, 'local.lock'),
  processes: join(folder, 'processes'),
  sidecars: join(folder, 'dapr'),
  engine: (name: string) => join(folder, name),
})

/** All ports with the names of their processes. */
export function namedPorts({
  kafka,
  redis,
  postgres,
  members,
}: Pick<Topology, 'kafka' | 'redis' | 'postgres' | 'members'>): [string, number][] {
  return [
    ...kafka.flatMap(({ port, controllerPort }, at): [string, number][] => [
      [`kafka-${at + 1}`, port],
      [`kafka-${at + 1} controller`, controllerPort],
    ]),
    ...redis.flatMap(({ port, busPort }, at): [string, number][] => [
      [`redis-${at + 1}`, port],
      [`redis-${at + 1} bus`, busPort],
    ]),
    ['postgres', postgres.port],
    ...members.flatMap(({ name, port, sidecar }): [string, number][] => [
      ...(port === undefined ? [] : [[name, port] as [string, number]]),
      ...Object.entries(sidecar).map(([use, number]): [string, number] => [`${name} ${use}`, number]),
    ]),
  ]
}

/** The addresses at which clients connect to these nodes. */
export const addressesOf = (nodes: readonly { port: number }[]): string[] =>
  nodes.map(({ port }) => `127.0.0.1:${port}`)

/** The settings with which a process connects to these engines. */
export function withTopology(config: Config, { engine, kafka, redis, postgres }: Topology): Config {
  return {
    ...config,
    LEARNFLOW_DRIVERS: config.LEARNFLOW_DRIVERS === 'embedded' ? engine : config.LEARNFLOW_DRIVERS,
    LEARNFLOW_KAFKA_BROKERS: addressesOf(kafka).join(','),
    LEARNFLOW_REDIS_NODES: addressesOf(redis).join(','),
    LEARNFLOW_POSTGRES_URL: postgresUrl({ folder: '', ...postgres }),
  }
}
