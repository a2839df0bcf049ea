import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { topics } from '../../schemas/topics.ts'

const named = z.strictObject({ name: z.string().regex(/^[a-z0-9-]+$/) })
const Component = z.strictObject({
  apiVersion: z.literal('dapr.io/v1alpha1'),
  kind: z.literal('Component'),
  metadata: named,
  spec: z.strictObject({
    type: z.enum(['pubsub.kafka', 'state.redis']),
    version: z.literal('v1'),
    metadata: z.array(
      z.union([z.strictObject({ name: z.string(), value: z.string() }), z.strictObject({ name: z.string(), envRef: z.string().regex(/^LEARNFLOW_[A-Z_]+$/) })]),
    ),
  }),
})
const Subscription = z.strictObject({
  apiVersion: z.literal('dapr.io/v2alpha1'),
  kind: z.literal('Subscription'),
  metadata: named,
  spec: z.strictObject({
    pubsubname: z.string(),
    topic: z.enum(topics.map(topic => topic.name) as [string, ...string[]]),
    routes: z.strictObject({ default: z.string() }),
    metadata: z.strictObject({ rawPayload: z.literal('true') }),
  }),
  scopes: z.array(z.string()).min(1),
})
const duration = z.string().regex(/^\d+(ms|s)$/)
const Way = z.strictObject({ timeout: z.string().optional(), retry: z.string().optional(), circuitBreaker: z.string().optional() })
const Resiliency = z.strictObject({
  apiVersion: z.literal('dapr.io/v1alpha1'),
  kind: z.literal('Resiliency'),
  metadata: named,
  spec: z.strictObject({
    policies: z.strictObject({
      timeouts: z.record(z.string(), duration),
      // Dapr's default is to try for ever.
      retries: z.record(
        z.string(),
        z.strictObject({
          policy: z.enum(['constant', 'exponential']),
          duration: duration.optional(),
          maxInterval: duration.optional(),
          maxRetries: z.number().int().min(1).max(100),
        }),
      ),
      circuitBreakers: z.record(
        z.string(),
        z.strictObject({ maxRequests: z.number().int().min(1), timeout: duration, trip: z.string().regex(/^consecutiveFailures >= \d+$/) }),
      ),
    }),
    targets: z.strictObject({
      apps: z.record(z.string(), Way),
      components: z.record(z.string(), z.strictObject({ outbound: Way.optional(), inbound: Way.optional() })),
    }),
  }),
})
const Resource = z.discriminatedUnion('kind', [Component, Subscription, Resiliency])

async function resources(): Promise<z.infer<typeof Resource>[]> {
  const files = (await readdir(import.meta.dirname, { recursive: true })).filter(name => name.endsWith('.yaml'))
  const read = await Promise.all(
    files.map(async file => parseAllDocuments(await readFile(join(import.meta.dirname, file), 'utf8')).map(document => Resource.parse(document.toJS()))),
  )
  return read.flat()
}

test('every Dapr resource has the shape that Dapr takes, and its policies retry a finite number of times', async () => {
  const kinds = (await resources()).map(resource => resource.kind).toSorted()
  expect(kinds).toEqual(['Component', 'Component', 'Resiliency', 'Subscription'])
})

test('the guard rails of Kafka and Redis are set: oldest first, held until its agent answers, keys that arrive whole, a prefix that services share', async () => {
  const settings = Object.fromEntries(
    (await resources()).flatMap(resource =>
      resource.kind === 'Component'
        ? resource.spec.metadata.map(entry => [`${resource.metadata.name}.${entry.name}`, 'value' in entry ? entry.value : ''] as const)
        : [],
    ),
  )
  expect(settings).toMatchObject({
    'events.initialOffset': 'oldest',
    'events.consumeRetryEnabled': 'true',
    'events.backOffPolicy': 'constant',
    'events.escapeHeaders': 'true',
    'state.keyPrefix': 'none',
    'state.redisType': 'cluster',
  })
})

test('what a policy target names is defined, and every component and subscription that is named is there', async () => {
  const all = await resources()
  const components = new Set(all.flatMap(resource => (resource.kind === 'Component' ? [resource.metadata.name] : [])))
  for (const resource of all) {
    if (resource.kind === 'Subscription') {
      expect(components).toContain(resource.spec.pubsubname)
      expect(resource.spec.routes.default).toBe(`/events/${resource.spec.topic}`)
    }
    if (resource.kind !== 'Resiliency') continue
    const { policies, targets } = resource.spec
    for (const name of Object.keys(targets.components)) expect(components).toContain(name)
    const ways = [...Object.values(targets.apps), ...Object.values(targets.components).flatMap(({ outbound, inbound }) => [outbound, inbound])]
    for (const way of ways) {
      if (way?.timeout !== undefined) expect(Object.keys(policies.timeouts)).toContain(way.timeout)
      if (way?.retry !== undefined) expect(Object.keys(policies.retries)).toContain(way.retry)
      if (way?.circuitBreaker !== undefined) expect(Object.keys(policies.circuitBreakers)).toContain(way.circuitBreaker)
    }
  }
})
