import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster, Redis } from 'ioredis'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { Client } from 'pg'
import { postgresUrl } from '../../engines/postgres.ts'
import { PlatformError } from '../../errors.ts'
import { addressesOf, type Topology } from './layout.ts'
import type { LocalEngine } from './topology.ts'

const limitMs = 20_000
const slots = 16_384
const maxTries = 200
const copiedMs = 5_000

/**
 * Uses an engine once and returns what was measured. @throws CHECK_FAILED when its result is wrong; DEPENDENCY_DOWN
 * when it does not answer.
 */
export async function smokeTestEngine(name: LocalEngine, topology: Topology): Promise<string> {
  const smokeTest = { kafka: smokeTestKafka, redis: smokeTestRedis, postgres: smokeTestPostgres }[name]
  try {
    return await smokeTest(topology)
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new PlatformError('DEPENDENCY_DOWN', `${name} does not do its work: ${why}`, {
      hint: `learnflow logs --process ${name}-1`,
      cause,
    })
  }
}

const wrong = (what: string): PlatformError => new PlatformError('CHECK_FAILED', what, { hint: 'learnflow status' })

/** A message that all replicas acknowledged is read back by a group. */
async function smokeTestKafka({ kafka: nodes }: Topology): Promise<string> {
  const kafka = smokeTestClient(nodes)
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false })
  await producer.connect()
  try {
    const ms = await readBack(
      kafka,
      nodes.length,
      async (topic, value) => void (await producer.send({ topic, acks: -1, messages: [{ key: 'proof', value }] })),
    )
    return `a message acknowledged by all in ${ms.toFixed(0)} ms and read back`
  } finally {
    await producer.disconnect()
  }
}

/**
 * A client without log output. For about 20 s it retries requests that a broker refuses because it does not know the
 * new topic yet.
 */
export const smokeTestClient = (nodes: Topology['kafka']): Kafka =>
  new Kafka({
    clientId: 'learnflow-proof',
    brokers: addressesOf(nodes),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 14 },
  })

/**
 * Lets `send` publish a value to the only partition of a new topic, and reads it with a new group. Resolves with the
 * milliseconds that sending took. @throws CHECK_FAILED when another value is read
 */
export async function readBack(
  kafka: Kafka,
  replicas: number,
  send: (topic: string, value: string) => Promise<void>,
): Promise<number> {
  const [topic, value] = [`proof-${randomUUID()}`, randomUUID()]
  const [admin, consumer] = [kafka.admin(), kafka.consumer({ groupId: topic })]
  await using stack = new AsyncDisposableStack()
  await admin.connect()
  stack.defer(async () => admin.disconnect())
  const configEntries = [{ name: 'min.insync.replicas', value: '2' }]
  await admin.createTopics({
    topics: [{ topic, numPartitions: 1, replicationFactor: replicas, configEntries }],
    waitForLeaders: true,
  })
  stack.defer(async () => admin.deleteTopics({ topics: [topic] }))
  const start = performance.now()
  await send(topic, value)
  const sentMs = performance.now() - start
  await consumer.connect()
  stack.defer(async () => consumer.disconnect())
  await consumer.subscribe({ topic, fromBeginning: true })
  const { promise: read, resolve, reject } = Promise.withResolvers<string | undefined>()
  const late = setTimeout(() => reject(new Error(`a message was not read back within ${limitMs / 1_000} s`)), limitMs)
  stack.defer(() => clearTimeout(late))
  await consumer.run({ eachMessage: async ({ message }) => resolve(message.value?.toString()) })
  if ((await read) !== value) throw wrong('kafka gave back another message than was sent')
  return sentMs
}

/**
 * Every slot is served, every master stores and returns a value, and its replica, which would replace it, returns the
 * same.
 */
async function smokeTestRedis({ redis: nodes }: Topology): Promise<string> {
  const cluster = new Cluster(
    nodes.map(({ port }) => ({ host: '127.0.0.1', port })),
    { redisOptions: { commandTimeout: limitMs } },
  )
  using _end = { [Symbol.dispose]: () => cluster.disconnect() }
  const served = /cluster_slots_ok:(\d+)/.exec(await cluster.cluster('INFO'))?.[1]
  if (Number(served) !== slots) throw wrong(`redis serves ${served ?? 'no'} of ${slots} slots`)
  const wanted = cluster.nodes('master').length
  const masters = new Set<string>()
  for (let at = 0; masters.size < wanted; at += 1) {
    if (at === maxTries) throw wrong(`${maxTries} keys reached ${masters.size} of ${wanted} masters of redis`)
    const [key, value] = [`proof:${randomUUID()}`, randomUUID()]
    const slot = Number(await cluster.cluster('KEYSLOT', key))
    const master = cluster.slots[slot]?.[0] ?? ''
    if (masters.has(master)) continue
    await cluster.set(key, value, 'EX', 60)
    if ((await cluster.get(key)) !== value) throw wrong('redis gave back another value than was set')
    await demandCopied(master, await replicaOf(cluster, slot), key, value)
    masters.add(master)
    await cluster.del(key)
  }
  return `${slots} slots, a value kept by each of ${wanted} masters and given by its replica`
}

/** The replica that serves a slot; the others learn about one that has just come back a moment later. */
async function replicaOf(cluster: Cluster, slot: number): Promise<string | undefined> {
  for (const end = performance.now() + copiedMs; performance.now() < end; await sleep(100)) {
    const replica = cluster.slots[slot]?.[1]
    if (replica !== undefined) return replica
    await new Promise<void>(resolve => cluster.refreshSlotsCache(() => resolve()))
  }
  return undefined
}

/** @throws CHECK_FAILED when the replica of a master is missing or does not return the master's value. */
async function demandCopied(master: string, replica: string | undefined, key: string, value: string): Promise<void> {
  if (replica === undefined)
    throw wrong(`the redis master ${master} has no replica: with it its part of the state would be lost`)
  const [host = '', port = ''] = replica.split(':')
  const reader = new Redis({ host, port: Number(port), readOnly: true, commandTimeout: limitMs })
  using _end = { [Symbol.dispose]: () => reader.disconnect() }
  for (const end = performance.now() + copiedMs; (await reader.get(key)) !== value; await sleep(20))
    if (performance.now() > end)
      throw wrong(`the redis replica ${replica} has not copied what ${master} took ${copiedMs / 1_000} s ago`)
}

/** A rolled-back transaction leaves nothing; a committed one is kept. */
async function smokeTestPostgres({ postgres }: Topology): Promise<string> {
  const client = new Client({
    connectionString: postgresUrl({ folder: '', ...postgres }),
    connectionTimeoutMillis: limitMs,
    query_timeout: limitMs,
  })
  await client.connect()
  try {
    await client.query('create temporary table proof (word text primary key)')
    for (const end of ['rollback', 'commit']) {
      await client.query('begin')
      await client.query('insert into proof values ($1)', [end])
      await client.query(end)
    }
    const { rows } = await client.query<{ word: string }>('select word from proof')
    if (rows.length !== 1 || rows[0]?.word !== 'commit') throw wrong(`postgres kept ${rows.length} of 1 committed rows`)
    return 'a transaction committed and one rolled back'
  } finally {
    await client.end()
  }
}
