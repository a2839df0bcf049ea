import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../config.ts'
import { startEngine } from '../../engines/engine.ts'
import { kafkaEngine } from '../../engines/kafka.ts'
import { freePorts } from '../../engines/ports.ts'
import { startChild } from '../../engines/program.ts'
import { ownRedis } from '../../engines/test-engines.ts'
import { onEngines } from '../../engines/test-local.ts'
import { openCounts, openDirect } from './all.ts'

const logger = pino({ level: 'silent' })
const password = 'only for this test'
const topic = { name: 'locked', partitions: 1, replication: 1, min_insync_replicas: 1 }
const whole = { ...topic, retention_ms: 86_400_000, segment_ms: 86_400_000, max_message_bytes: 1_048_588 }

async function folderWith(texts: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-access-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  await chmod(folder, 0o711)
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text)
  return folder
}

/** A certificate for 127.0.0.1 that signs itself, and its key, as `tls.crt` and `tls.key`. */
async function certify(folder: string): Promise<void> {
  const [key, out] = [join(folder, 'tls.key'), join(folder, 'tls.crt')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  await execa('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    '-keyout',
    key,
    '-out',
    out,
    ...subject,
  ])
}

/** One Kafka node whose second listener takes nobody without a password, by TLS. */
async function lockedKafka(folder: string): Promise<{ address: string } & AsyncDisposable> {
  const [port = 0, controllerPort = 0, locked = 0] = await freePorts(3)
  const jaas = `org.apache.kafka.common.security.plain.PlainLoginModule required user_me="${password}";`
  await execa('openssl', [
    'pkcs8',
    '-topk8',
    '-nocrypt',
    '-in',
    join(folder, 'tls.key'),
    '-out',
    join(folder, 'tls.pk8'),
  ])
  await writeFile(
    join(folder, 'store.pem'),
    (await execa('cat', [join(folder, 'tls.pk8'), join(folder, 'tls.crt')])).stdout,
  )
  const others = {
    listeners: `CLIENT://127.0.0.1:${port},LOCKED://127.0.0.1:${locked},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `CLIENT://127.0.0.1:${port},LOCKED://127.0.0.1:${locked}`,
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,LOCKED:SASL_SSL,CONTROLLER:PLAINTEXT',
    'listener.name.locked.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.locked.plain.sasl.jaas.config': jaas,
    'listener.name.locked.ssl.keystore.type': 'PEM',
    'listener.name.locked.ssl.keystore.location': join(folder, 'store.pem'),
  }
  const engine = await startEngine(await kafkaEngine({ folder, nodes: [{ port, controllerPort }], others }), startChild)
  return { address: `127.0.0.1:${locked}`, [Symbol.asyncDispose]: async () => engine[Symbol.asyncDispose]() }
}

onEngines(() => {
  test('Kafka by TLS with a password, and nobody without', async () => {
    const folder = await folderWith({ password, wrong: 'another' })
    await certify(folder)
    await using kafka = await lockedKafka(folder)
    const open = (settings: Readonly<Record<string, string>>) =>
      openDirect(
        readConfig(
          {},
          { LEARNFLOW_KAFKA_BROKERS: kafka.address, LEARNFLOW_DEPENDENCY_SECONDS: '3', ...settings },
          folder,
        ),
        logger,
        () => {},
      )
    const tls = { LEARNFLOW_KAFKA_TLS: 'on', LEARNFLOW_KAFKA_CA_FILE: 'tls.crt' }
    const login = { LEARNFLOW_KAFKA_SASL: 'plain', LEARNFLOW_KAFKA_USER: 'me' }
    await using stores = open({ ...tls, ...login, LEARNFLOW_KAFKA_PASSWORD_FILE: 'password' }).log
    expect(await stores.createTopic(whole)).toBe('created')
    await stores.publish('locked', [{ key: 'ann', value: 'hello' }])
    expect(await stores.read('locked', 0, '0', 10)).toMatchObject([{ key: 'ann', value: 'hello' }])
    for (const without of [
      {},
      tls,
      { ...tls, ...login, LEARNFLOW_KAFKA_PASSWORD_FILE: 'wrong' },
      { LEARNFLOW_KAFKA_TLS: 'on', ...login, LEARNFLOW_KAFKA_PASSWORD_FILE: 'password' },
    ]) {
      await using refused = open(without).log
      await expect(refused.topics(), JSON.stringify(without)).rejects.toMatchObject({ code: 'DEPENDENCY_DOWN' })
    }
  })

  test('Redis with a password, and nobody without', async () => {
    const folder = await folderWith({ password, wrong: 'another' })
    await using redis = await ownRedis(0)
    for (const address of redis.addresses) {
      const node = new Redis(Number(address.split(':')[1]), '127.0.0.1')
      await node.config('SET', 'masterauth', password)
      await node.config('SET', 'requirepass', password)
      node.disconnect()
    }
    const settings = { LEARNFLOW_REDIS_NODES: redis.addresses.join(','), LEARNFLOW_DEPENDENCY_SECONDS: '2' }
    const open = (file: Readonly<Record<string, string>>) => readConfig({}, { ...settings, ...file }, folder)
    const right = open({ LEARNFLOW_REDIS_PASSWORD_FILE: 'password' })
    await using store = openDirect(right, logger, () => {}).state
    await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(async key => store.set(key, { key })))
    expect(await store.get('a')).toMatchObject({ value: { key: 'a' } })
    await using counts = openCounts(right, logger)
    expect(await (counts.client as Redis).incr('counted')).toBe(1)
    for (const without of [{}, { LEARNFLOW_REDIS_PASSWORD_FILE: 'wrong' }]) {
      await using refused = openDirect(open(without), logger, () => {}).state
      await expect(refused.get('a')).rejects.toMatchObject({ code: 'DEPENDENCY_DOWN' })
    }
  })
})
