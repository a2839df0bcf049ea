import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import * as z from 'zod'
import { topics } from '../../schemas/topics.ts'
import { PlatformError } from '../errors.ts'
import { daprResources } from './daprd.ts'

const named = z.strictObject({ name: z.string().regex(/^[a-z0-9-]+$/) })
const setting = z.union([
  z.strictObject({ name: z.string(), value: z.string() }),
  z.strictObject({ name: z.string(), envRef: z.string().regex(/^LEARNFLOW_[A-Z_]+$/) }),
])
const Component = z.strictObject({
  apiVersion: z.literal('dapr.io/v1alpha1'),
  kind: z.literal('Component'),
  metadata: named,
  spec: z.strictObject({
    type: z.enum(['pubsub.kafka', 'state.redis']),
    version: z.literal('v1'),
    metadata: z.array(setting),
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
const Way = z.strictObject({
  timeout: z.string().optional(),
  retry: z.string().optional(),
  circuitBreaker: z.string().optional(),
})
const Resiliency = z.strictObject({
  apiVersion: z.literal('dapr.io/v1alpha1'),
  kind: z.literal('Resiliency'),
  metadata: named,
  spec: z.strictObject({
    policies: z.strictObject({
      timeouts: z.record(z.string(), duration),
      // Dapr's default is to retry forever.
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
        z.strictObject({
          maxRequests: z.number().int().min(1),
          timeout: duration,
          trip: z.string().regex(/^consecutiveFailures >= \d+$/),
        }),
      ),
    }),
    targets: z.strictObject({
      apps: z.record(z.string(), Way),
      components: z.record(z.string(), z.strictObject({ outbound: Way.optional(), inbound: Way.optional() })),
    }),
  }),
})
const Resource = z.discriminatedUnion('kind', [Component, Subscription, Resiliency])

/** A component, subscription or policy set of `manifests/dapr`, and its file. */
export type DaprResource = z.infer<typeof Resource> & { file: string }

/**
 * Every Dapr resource of a folder, each in the shape that Dapr expects and with all its references resolved. @throws
 * INVALID_INPUT with every mistake, by file.
 */
export async function readDaprResources(folder = daprResources): Promise<DaprResource[]> {
  const files = (await readdir(folder, { recursive: true }))
    .filter(name => name.endsWith('.yaml') && name !== 'kustomization.yaml')
    .toSorted()
  const mistakes: string[] = []
  const found: DaprResource[] = []
  for (const file of files)
    for (const document of parseAllDocuments(await readFile(join(folder, file), 'utf8'))) {
      const read = Resource.safeParse(document.toJS())
      if (read.success) found.push({ ...read.data, file })
      else mistakes.push(...read.error.issues.map(({ path, message }) => `${file}: ${path.join('.')}: ${message}`))
    }
  mistakes.push(...found.flatMap(resource => dangling(resource, found)))
  if (mistakes.length === 0) return found
  throw new PlatformError('INVALID_INPUT', mistakes.join('\n'), { hint: `Mend the files in ${folder}.` })
}

/** References of a resource that do not exist. */
function dangling(resource: DaprResource, all: readonly DaprResource[]): string[] {
  const components = all.filter(({ kind }) => kind === 'Component').map(({ metadata }) => metadata.name)
  const absent = (what: string, names: readonly string[], there: readonly string[]): string[] =>
    names.filter(name => !there.includes(name)).map(name => `${resource.file}: there is no ${what} ${name}`)
  if (resource.kind === 'Component') return []
  if (resource.kind === 'Subscription') return absent('component', [resource.spec.pubsubname], components)
  const { policies, targets } = resource.spec
  const ways = [
    ...Object.values(targets.apps),
    ...Object.values(targets.components).flatMap(({ outbound = {}, inbound = {} }) => [outbound, inbound]),
  ]
  const of = (what: keyof z.infer<typeof Way>): string[] => ways.flatMap(way => way[what] ?? [])
  return [
    ...absent('component', Object.keys(targets.components), components),
    ...absent('timeout', of('timeout'), Object.keys(policies.timeouts)),
    ...absent('retry', of('retry'), Object.keys(policies.retries)),
    ...absent('circuit breaker', of('circuitBreaker'), Object.keys(policies.circuitBreakers)),
  ]
}
