import { chmod, mkdir } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { enginesFolder } from '../../platform/config.ts'
import type { Engine } from '../../platform/engines/engine.ts'
import { findProgram } from '../../platform/engines/find.ts'
import { fetchKafka, kafkaTools, kafkaVersion } from '../../platform/engines/kafka-jars.ts'
import { kafkaEngine } from '../../platform/engines/kafka.ts'
import { freePorts } from '../../platform/engines/ports.ts'
import { postgresEngine, postgresUrl } from '../../platform/engines/postgres.ts'
import { type RunningProgram, startChild, untilReady } from '../../platform/engines/program.ts'
import { redisEngine } from '../../platform/engines/redis.ts'
import { PlatformError } from '../../platform/errors.ts'
import { temporaryFolder } from '../../verify/test-platform.ts'
import type { Programs, Terminal } from './terminal.ts'

const graceMs = 5_000
const classes = {
  'kafka-topics.sh': 'TopicCommand',
  'kafka-consumer-groups.sh': 'consumer.group.ConsumerGroupCommand',
  'kafka-console-consumer.sh': 'consumer.ConsoleConsumer',
  'kafka-console-producer.sh': 'ConsoleProducer',
  'kafka-metadata-quorum.sh': 'MetadataQuorumCommand',
} as const

/**
 * Kafka with three nodes, a Redis Cluster of 3 + 3 nodes, and PostgreSQL, as processes on this machine in a temporary
 * folder.
 */
export interface Engines extends AsyncDisposable {
  /** The first broker, for `--bootstrap-server`. */
  broker: string
  /** The port of the first Redis node. */
  redis: string
  /**
   * The commands behind the names of the standard tools. psql gets PostgreSQL's address from the environment, so it is
   * not typed.
   */
  programs: Programs
}

/**
 * Calls an engine's tool without recording it, to break the engine before a task or to measure it afterwards. @throws
 * when the tool fails
 */
export async function ask({ programs }: Engines, name: string, args: readonly string[], input = ''): Promise<string> {
  const [command, ...first] = programs[name] ?? [name]
  return (await execa(command, [...first, ...args], { input })).stdout
}

interface Parts {
  kafka: Engine
  redis: Engine
  postgres: Engine
  addresses: { brokers: string[]; redis: string[]; programs: Programs }
}

/** Starts them and resolves when they work. With `start`, the commands that a person would type for it are recorded. */
export async function openEngines(start?: { terminal: Terminal; terse: boolean }): Promise<Engines> {
  await using stack = new AsyncDisposableStack()
  const { path: folder } = stack.use(await temporaryFolder())
  // PostgreSQL may have to run as another user.
  await chmod(folder, 0o711)
  const { kafka, redis, postgres, addresses } = await partsIn(folder)
  const run = async (engine: Engine, typed: (name: string) => string): Promise<RunningProgram[]> => {
    await engine.prepare()
    const processes: RunningProgram[] = []
    for (const program of engine.programs) {
      const process = await startChild(program)
      stack.defer(async () => process.stop(graceMs))
      processes.push(process)
      start?.terminal.typed(typed(program.name))
    }
    return processes
  }
  await kafka.settle(await run(kafka, name => `kafka-server-start.sh -daemon ${name}/server.properties`))
  await postgres.settle(await run(postgres, () => 'pg_ctl -s -D postgres/data start'))
  const nodes = await run(redis, name => `redis-server ${name}/redis.conf --daemonize yes`)
  if (start !== undefined) {
    const pinged = addresses.redis.map(address => address.split(':')[1] ?? '')
    const ping = async (port: string): Promise<boolean> =>
      (await execa('redis-cli', ['-p', port, 'ping'], { reject: false })).stdout === 'PONG'
    await untilReady('redis', nodes, 20, async () => (await Promise.all(pinged.map(ping))).every(Boolean))
    const create = ['redis-cli', '--cluster', 'create', ...addresses.redis, '--cluster-replicas', '1', '--cluster-yes']
    await start.terminal.run(create, start.terse ? { pipe: ['tail', '-n', '1'] } : {})
  }
  await redis.settle(nodes)
  const owned = stack.move()
  const [broker = ''] = addresses.brokers
  const redisPort = addresses.redis[0]?.split(':')[1] ?? ''
  return {
    broker,
    redis: redisPort,
    programs: addresses.programs,
    [Symbol.asyncDispose]: async () => owned.disposeAsync(),
  }
}

async function partsIn(folder: string): Promise<Parts> {
  const ports = await freePorts(19)
  const at = (index: number): number => ports[index] ?? 0
  const nodes = [0, 1, 2].map(node => ({ port: at(2 * node), controllerPort: at(2 * node + 1) }))
  const places = [0, 1, 2, 3, 4, 5].map(node => ({ port: at(6 + 2 * node), busPort: at(7 + 2 * node) }))
  const database = { folder: join(folder, 'postgres'), port: at(18), password: 'only for this run' }
  await mkdir(database.folder)
  const kafka = join(folder, 'kafka')
  return {
    kafka: await kafkaEngine({ folder: kafka, nodes }),
    redis: await redisEngine({ folder: join(folder, 'redis'), nodes: places, replicas: 1 }),
    postgres: await postgresEngine(database),
    addresses: {
      brokers: nodes.map(({ port }) => `127.0.0.1:${port}`),
      redis: places.map(({ port }) => `127.0.0.1:${port}`),
      programs: await programsOf(join(kafka, 'kafka-1', 'log4j2.properties'), postgresUrl(database)),
    },
  }
}

async function programsOf(logging: string, database: string): Promise<Programs> {
  const tools = join(enginesFolder(), `kafka-tools-${kafkaVersion}`)
  if (!existsSync(tools)) await fetchKafka(tools, await findProgram('mvn'), kafkaTools)
  const [java, psql] = await Promise.all([findProgram('java'), findProgram('psql')])
  if (java === undefined || psql === undefined)
    throw new PlatformError('NOT_RUNNING', 'java or psql is not installed', {
      hint: 'apt-get install -y openjdk-17-jre-headless postgresql-client',
    })
  const options = ['-XX:TieredStopAtLevel=1', `-Dlog4j2.configurationFile=${logging}`, '-cp', join(tools, '*')]
  const scripts = Object.entries(classes).map(
    ([name, main]) => [name, [java, ...options, `org.apache.kafka.tools.${main}`]] as const,
  )
  return { ...Object.fromEntries(scripts), psql: [psql, database] }
}
