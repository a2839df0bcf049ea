import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode, PlatformError } from '../../errors.ts'
import type { Changed, RemoveOptions, Resource } from '../../ports/cluster.ts'
import { fieldManager, type Tools } from './apply.ts'
import type { Kind } from './kinds.ts'

const pollMs = 250
const maxNamed = 5
/** Made and removed by the cluster itself. */
const ofTheCluster = new Set([
  'Event',
  'EndpointSlice',
  'Endpoints',
  'PodMetrics',
  'NodeMetrics',
  'Lease',
  'ControllerRevision',
])

interface Found {
  kind: Kind
  resource: Resource
}

/** Everything with these labels, in all namespaces; what a controller has made from others is not listed. */
async function labelled({ api, kinds }: Tools, labelSelector: string): Promise<Found[]> {
  const listed = await Promise.all(
    (await kinds.all())
      .filter(({ kind }) => !ofTheCluster.has(kind))
      .map(async kind => {
        const list = await api.ask<{ items: Resource[] }>(kinds.listPath(kind), { query: { labelSelector } })
        return list.items.map(item => ({ kind, resource: { ...item, apiVersion: kind.apiVersion, kind: kind.kind } }))
      }),
  )
  return listed.flat()
}

const isOwned = ({ metadata }: Resource): boolean =>
  ((metadata['ownerReferences'] as unknown[] | undefined) ?? []).length > 0

const isOurs = ({ metadata }: Resource): boolean =>
  ((metadata['managedFields'] as { manager?: string; operation?: string }[] | undefined) ?? []).some(
    ({ manager, operation }) => manager === fieldManager && operation === 'Apply',
  )

const key = (tools: Tools, { kind, resource }: Found): string => `${kind.plural} ${tools.kinds.name(kind, resource)}`

/** Namespaces and definitions take others with them, so they go last. */
const goesLast = ({ kind: { kind } }: Found): boolean => ['Namespace', 'CustomResourceDefinition'].includes(kind)

async function deleteAll(tools: Tools, found: readonly Found[]): Promise<Changed[]> {
  const sorted = found.toSorted((one, other) => Number(goesLast(one)) - Number(goesLast(other)))
  for (const { kind, resource } of sorted) {
    const query = { propagationPolicy: 'Background' }
    await tools.api.ask(tools.kinds.path(kind, resource), { method: 'DELETE', query }).catch((error: unknown) => {
      if (!hasCode(error, 'NOT_FOUND')) throw error
    })
  }
  return told(tools, sorted)
}

const told = (tools: Tools, found: readonly Found[]): Changed[] =>
  found.map(({ kind, resource }) => ({ what: tools.kinds.name(kind, resource), change: 'deleted' }))

/** Deletes what we applied with these labels and is not kept. */
export async function pruneAll(
  tools: Tools,
  selector: string,
  kept: readonly Resource[],
  dryRun: boolean,
): Promise<Changed[]> {
  const stays = new Set<string>()
  for (const resource of kept) {
    const kind = await tools.kinds.find(resource)
    if (kind !== undefined) stays.add(key(tools, { kind, resource }))
  }
  const found = (await labelled(tools, selector)).filter(
    one => isOurs(one.resource) && !isOwned(one.resource) && !stays.has(key(tools, one)),
  )
  return dryRun ? told(tools, found) : deleteAll(tools, found)
}

/** Deletes everything with these labels, and proves that nothing of it is left. */
export async function removeAll(
  tools: Tools,
  selector: string,
  { keep = [], seconds }: RemoveOptions,
): Promise<Changed[]> {
  const present = async () => (await labelled(tools, selector)).filter(({ kind }) => !keep.includes(kind.kind))
  const removed = await deleteAll(
    tools,
    (await present()).filter(({ resource }) => !isOwned(resource)),
  )
  for (const end = performance.now() + seconds * 1_000; ;) {
    const left = await present()
    if (left.length === 0) return removed
    if (performance.now() > end) throw stillThere(tools, left, seconds)
    await sleep(pollMs)
  }
}

function stillThere(tools: Tools, left: readonly Found[], seconds: number): PlatformError {
  const names = left.slice(0, maxNamed).map(({ kind, resource }) => {
    const finalizers = (resource.metadata['finalizers'] as string[] | undefined) ?? []
    return `${tools.kinds.name(kind, resource)}${finalizers.length === 0 ? '' : ` (waits for ${finalizers.join(', ')})`}`
  })
  const more = left.length > maxNamed ? ` and ${left.length - maxNamed} more` : ''
  return new PlatformError('DEPENDENCY_DOWN', `after ${seconds} s there are still ${names.join(', ')}${more}`, {
    hint: 'Look why they do not end, then remove again: it goes on where it stopped.',
  })
}
