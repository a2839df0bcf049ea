import { randomUUID } from 'node:crypto'
import { PlatformError } from '../../errors.ts'
import type { Topology, Instance } from './layout.ts'
import { smokeTestClient, readBack } from './smoke-test.ts'

const limitMs = 10_000
const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

/** One call of a sidecar's API. @throws CHECK_FAILED when it refuses, DEPENDENCY_DOWN when it does not answer */
async function ask({ name, sidecar }: Instance, path: string, init: RequestInit = {}): Promise<string> {
  const hint = `learnflow logs --process daprd-${name}`
  const answer = await fetch(`http://127.0.0.1:${sidecar.http}${path}`, {
    ...init,
    signal: AbortSignal.timeout(limitMs),
  }).catch((cause: unknown) => {
    throw new PlatformError('DEPENDENCY_DOWN', `the sidecar of ${name} does not answer`, { hint, cause })
  })
  const text = await answer.text()
  if (answer.ok) return text
  throw new PlatformError(
    'CHECK_FAILED',
    `the sidecar of ${name} answered ${answer.status} to ${path.split('?')[0]}: ${text.slice(0, 200)}`,
    { hint },
  )
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/**
 * Uses every function of the sidecars once and returns what was measured: each is healthy with all its components and
 * keeps a value that the next one reads; a message published through one is read from Kafka; the API calls triage
 * through both their sidecars. @throws CHECK_FAILED, DEPENDENCY_DOWN
 */
export async function smokeTestSidecars({ members, kafka }: Topology): Promise<string> {
  for (const member of members) await ask(member, '/v1.0/healthz/outbound')
  const stateMs = await timed(async () => smokeTestState(members))
  const api = members.find(({ role }) => role === 'api')
  if (api === undefined)
    throw new PlatformError('CHECK_FAILED', 'the platform has no API process', { hint: 'learnflow up --target local' })
  const publishMs = await readBack(smokeTestClient(kafka), kafka.length, async (topic, value) => {
    await ask(api, `/v1.0/publish/events/${topic}?metadata.rawPayload=true&metadata.partitionNumber=0`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: value,
    })
  })
  const invokeMs = await timed(async () => smokeTestInvocation(api))
  const ms = (figure: number): string => `${figure.toFixed(0)} ms`
  return `state kept and read by all in ${ms(stateMs)}, a message published in ${ms(publishMs)} and read back, triage answered in ${ms(invokeMs)}`
}

/** What one sidecar writes the next one reads, because they share their keys. */
async function smokeTestState(members: readonly Instance[]): Promise<void> {
  for (const [at, writer] of members.entries()) {
    const reader = members[(at + 1) % members.length] ?? writer
    const [key, value] = [`proof:${randomUUID()}`, randomUUID()]
    await ask(writer, '/v1.0/state/state', json([{ key, value, metadata: { ttlInSeconds: '60' } }]))
    const read = await ask(reader, `/v1.0/state/state/${key}`)
    if (read !== JSON.stringify(value))
      throw new PlatformError(
        'CHECK_FAILED',
        `the sidecar of ${reader.name} read ${read === '' ? 'nothing' : 'another value'} where that of ${writer.name} wrote`,
        {
          hint: 'learnflow dapr-runtime components; learnflow redis-cluster status',
        },
      )
    await ask(reader, `/v1.0/state/state/${key}`, { method: 'DELETE' })
  }
}

async function smokeTestInvocation(api: Instance): Promise<void> {
  const answer = await ask(
    api,
    '/v1.0/invoke/triage/method/methods/route',
    json({ argument: { text: 'What is a list?', code: null } }),
  )
  if (!answer.includes('"intent"'))
    throw new PlatformError('CHECK_FAILED', `triage answered ${answer.slice(0, 100)} by invocation`, {
      hint: 'learnflow logs --process triage-1',
    })
}
