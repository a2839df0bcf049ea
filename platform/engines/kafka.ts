import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { execa } from 'execa'
import { Kafka, logLevel } from 'kafkajs'
import { PlatformError } from '../errors.ts'
import '../log/kafkajs-timers.ts'
import type { Engine } from './engine.ts'
import { findProgram, kafkaFolder } from './find.ts'
import { brokerData, clusterIdFile, damagedBrokers, putIdentityAside, readClusterId } from './kafka-identity.ts'
import { type EngineProgram, untilReady } from './program.ts'

export interface KafkaOptions {
  folder: string
  /** Per node: the port for clients, and the port for the nodes' own consensus. One or three nodes. */
  nodes: readonly { port: number; controllerPort: number }[]
  /** Settings of the nodes beside ours and in place of them. */
  others?: Readonly<Record<string, string>>
}

/** Settings for fast and predictable failover: `docs/decisions/0006-real-engines.md` gives the reason for each. */
const settings = {
  'auto.create.topics.enable': false,
  'unclean.leader.election.enable': false,
  'offsets.topic.num.partitions': 6,
  'group.initial.rebalance.delay.ms': 0,
  'broker.heartbeat.interval.ms': 500,
  'broker.session.timeout.ms': 3_000,
  // The default needs 128 MiB of heap.
  'log.cleaner.dedupe.buffer.size': 4_194_304,
  'group.min.session.timeout.ms': 1_000,
}

const javaOptions = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
const log4j = `rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d{ISO8601} %p %c{1}: %m%n
`

/** Kafka in KRaft mode: each node is broker and controller, on loopback, with its own folder below `folder`. */
export async function kafkaEngine({ folder, nodes, others = {} }: KafkaOptions): Promise<Engine> {
  const java = await findProgram('java')
  if (java === undefined)
    throw new PlatformError('NOT_RUNNING', 'Java is not installed', {
      hint: 'apt-get install -y openjdk-17-jre-headless',
    })
  const libs = join(kafkaFolder(), '*')
  const programs = nodes.map((_, at): EngineProgram => {
    const home = join(folder, nodeName(at))
    const args = [
      ...javaOptions,
      `-Dlog4j2.configurationFile=${join(home, 'log4j2.properties')}`,
      '-cp',
      libs,
      'kafka.Kafka',
      join(home, 'server.properties'),
    ]
    return { name: nodeName(at), command: java, args, folder: home }
  })
  return {
    name: 'kafka',
    ports: Object.fromEntries(
      nodes.flatMap(({ port, controllerPort }, at) => [
        [nodeName(at), port] as const,
        [`${nodeName(at)} controller`, controllerPort] as const,
      ]),
    ),
    programs,
    damaged: async () => (await damagedBrokers(folder, namesOf(nodes))).map(({ name }) => name),
    prepare: async () => prepare(java, libs, { folder, nodes, others }),
    async settle(processes) {
      await untilReady('kafka', processes, 60, async () => {
        const seen = await Promise.all(nodes.map(async ({ port }) => brokersSeenBy(port)))
        return seen.every(count => count === nodes.length)
      })
    },
  }
}

const nodeName = (at: number): string => `kafka-${at + 1}`
const namesOf = (nodes: KafkaOptions['nodes']): string[] => nodes.map((_, at) => nodeName(at))

async function prepare(java: string, libs: string, { folder, nodes, others }: Required<KafkaOptions>): Promise<void> {
  await mkdir(folder, { recursive: true })
  const clusterId = await clusterIdOf(folder)
  for (const broker of await damagedBrokers(folder, namesOf(nodes))) await putIdentityAside(folder, broker)
  await Promise.all(
    nodes.map(async (_, at) => {
      const home = join(folder, nodeName(at))
      await mkdir(home, { recursive: true })
      await writeFile(join(home, 'log4j2.properties'), log4j)
      await writeFile(join(home, 'server.properties'), properties(home, nodes, at, others))
      const format = [
        'kafka.tools.StorageTool',
        'format',
        '--ignore-formatted',
        '-t',
        clusterId,
        '-c',
        join(home, 'server.properties'),
      ]
      await execa(java, [
        ...javaOptions,
        `-Dlog4j2.configurationFile=${join(home, 'log4j2.properties')}`,
        '-cp',
        libs,
        ...format,
      ]).catch((cause: unknown) => {
        throw new PlatformError(
          'DEPENDENCY_DOWN',
          `kafka cannot format ${home}: ${(cause as Error).message.slice(0, 500)}`,
          {
            hint: 'learnflow doctor --target local',
            cause,
          },
        )
      })
    }),
  )
}

/** The id of a cluster is created once, because Kafka refuses a data folder of another cluster. */
async function clusterIdOf(folder: string): Promise<string> {
  const known = await readClusterId(folder)
  if (known !== undefined) return known
  // 16 bytes in URL-safe base64 without padding; the top bit is cleared so that the id cannot start with a hyphen,
  // which would look like an option.
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0] ?? 0) & 0x7f
  const id = bytes.toString('base64url')
  await writeFile(clusterIdFile(folder), id)
  return id
}

function properties(home: string, nodes: KafkaOptions['nodes'], at: number, others: object): string {
  const { port, controllerPort } = nodes[at] ?? { port: 0, controllerPort: 0 }
  const replicas = Math.min(3, nodes.length)
  const inSync = Math.min(2, nodes.length)
  const all = {
    'process.roles': 'broker,controller',
    'node.id': at + 1,
    listeners: `CLIENT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `CLIENT://127.0.0.1:${port}`,
    'inter.broker.listener.name': 'CLIENT',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.quorum.voters': nodes.map((node, other) => `${other + 1}@127.0.0.1:${node.controllerPort}`).join(','),
    'log.dirs': brokerData(dirname(home), basename(home)),
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    ...settings,
    ...others,
  }
  return `${Object.entries(all)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`
}

/** The number of brokers that a node knows. */
async function brokersSeenBy(port: number): Promise<number> {
  const client = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
  })
  const admin = client.admin()
  try {
    await admin.connect()
    return (await admin.describeCluster()).brokers.length
  } finally {
    await admin.disconnect()
  }
}
