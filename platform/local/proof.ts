import { randomUUID } from 'node:crypto'
import { Cluster } from 'ioredis'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { Client } from 'pg'
import { postgresUrl } from '../engines/postgres.ts'
import { PlatformError } from '../errors.ts'
import type { LocalPlace } from './layout.ts'
import type { LocalEngine } from './place.ts'

const limitMs = 20_000
const slots = 16_384
const triesMost = 200

/** Has an engine do its work once and says what was seen. @throws CHECK_FAILED when it does it wrongly; DEPENDENCY_DOWN when it does not answer. */
export async function proveEngine(name: LocalEngine, place: LocalPlace): Promise<string> {
  const prove = { kafka: proveKafka, redis: proveRedis, postgres: provePostgres }[name]
  try {
    return await prove(place)
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new PlatformError('DEPENDENCY_DOWN', `${name} does not do its work: ${why}`, { hint: `learnflow logs --process ${name}-1`, cause })
  }
}

const wrong = (what: string): PlatformError => new PlatformError('CHECK_FAILED', what, { hint: 'learnflow status' })

/** A message that all replicas acknowledged is read back by a group; topic and group are of this proof only. */
async function proveKafka({ kafka: nodes }: LocalPlace): Promise<string> {
  const kafka = new Kafka({ clientId: 'learnflow-proof', brokers: nodes.map(({ port }) => `127.0.0.1:${port}`), logLevel: logLevel.NOTHING })
  const [topic, value] = [`proof-${randomUUID()}`, randomUUID()]
  const [admin, producer] = [kafka.admin(), kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false })]
  const consumer = kafka.consumer({ groupId: topic })
  await using stack = new AsyncDisposableStack()
  await admin.connect()
  stack.defer(async () => admin.disconnect())
  const configEntries = [{ name: 'min.insync.replicas', value: '2' }]
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: nodes.length, configEntries }], waitForLeaders: true })
  stack.defer(async () => admin.deleteTopics({ topics: [topic] }))
  await producer.connect()
  stack.defer(async () => producer.disconnect())
  const start = performance.now()
  await producer.send({ topic, acks: -1, messages: [{ key: 'proof', value }] })
  const acknowledged = performance.now() - start
  await consumer.connect()
  stack.defer(async () => consumer.disconnect())
  await consumer.subscribe({ topic, fromBeginning: true })
  const { promise: read, resolve, reject } = Promise.withResolvers<string | undefined>()
  const late = setTimeout(() => reject(new Error(`a message was not read back within ${limitMs / 1_000} s`)), limitMs)
  stack.defer(() => clearTimeout(late))
  await consumer.run({ eachMessage: async ({ message }) => resolve(message.value?.toString()) })
  if ((await read) !== value) throw wrong('kafka gave back another message than was sent')
  return `a message acknowledged by all in ${acknowledged.toFixed(0)} ms and read back`
}

/** Every slot is served, and every master keeps and gives a value. */
async function proveRedis({ redis: nodes }: LocalPlace): Promise<string> {
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
    if (at === triesMost) throw wrong(`${triesMost} keys reached ${masters.size} of ${wanted} masters of redis`)
    const [key, value] = [`proof:${randomUUID()}`, randomUUID()]
    await cluster.set(key, value, 'EX', 60)
    if ((await cluster.get(key)) !== value) throw wrong('redis gave back another value than was set')
    masters.add(cluster.slots[Number(await cluster.cluster('KEYSLOT', key))]?.[0] ?? '')
    await cluster.del(key)
  }
  return `${slots} slots, a value kept by each of ${wanted} masters`
}

/** A transaction that is taken back leaves nothing, one that is committed stays. */
async function provePostgres({ postgres }: LocalPlace): Promise<string> {
  const client = new Client({ connectionString: postgresUrl({ folder: '', ...postgres }), connectionTimeoutMillis: limitMs, query_timeout: limitMs })
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
