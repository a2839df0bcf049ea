import { isDeepStrictEqual } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode, PlatformError } from '../../errors.ts'
import type { Change, Changed, Resource } from '../../ports/cluster.ts'
import type { Api } from './api.ts'
import type { Kinds } from './kinds.ts'

/** The field manager of everything that we apply. */
export const fieldManager = 'learnflow'

/** What others need comes first; workloads come last. */
const order = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount', 'ConfigMap', 'Secret', 'Service']
const last = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob']
const rank = ({ kind }: Resource): number => {
  const [early, late] = [order.indexOf(kind), last.indexOf(kind)]
  return early >= 0 ? early : late >= 0 ? order.length + 1 : order.length
}

export const inOrder = (resources: readonly Resource[]): Resource[] =>
  resources.toSorted((one, other) => rank(one) - rank(other))

const pollMs = 200

export interface Tools {
  api: Api
  kinds: Kinds
}

export async function readOne({ api, kinds }: Tools, resource: Resource): Promise<Resource | undefined> {
  const kind = await kinds.find(resource)
  if (kind === undefined) return undefined
  return api.ask<Resource>(kinds.path(kind, resource)).catch((error: unknown) => {
    if (error instanceof PlatformError && error.code === 'NOT_FOUND') return undefined
    throw error
  })
}

/** Applies one resource, or asks what that would do. */
export async function applyOne(tools: Tools, resource: Resource, dryRun: boolean): Promise<Changed> {
  const { api, kinds } = tools
  const kind = await kinds.demand(resource)
  const what = kinds.name(kind, resource)
  const before = await readOne(tools, resource)
  const query = { fieldManager, fieldValidation: 'Strict', ...(dryRun ? { dryRun: 'All' } : {}) }
  const patch = async (): Promise<Resource> =>
    api
      .ask<Resource>(kinds.path(kind, resource), { method: 'PATCH', query, body: resource })
      .catch((error: unknown) => {
        throw named(error, what)
      })
  try {
    const after = await patch()
    return { what, change: changeOf(before, after) }
  } catch (error) {
    if (!(kind.kind === 'Job' && before !== undefined && isImmutable(error))) throw error
    if (!dryRun) {
      await deleteOne(tools, resource)
      await patch()
    }
    return { what, change: 'replaced' }
  }
}

const isImmutable = (error: unknown): boolean => error instanceof Error && /field is immutable/.test(error.message)

/** Deletes it with what it owns, and waits until it is gone. */
async function deleteOne(tools: Tools, resource: Resource): Promise<void> {
  const path = tools.kinds.path(await tools.kinds.demand(resource), resource)
  await tools.api.ask(path, { method: 'DELETE', query: { propagationPolicy: 'Foreground' } })
  while ((await readOne(tools, resource)) !== undefined) await sleep(pollMs)
}

function named(error: unknown, what: string): unknown {
  if (!(error instanceof PlatformError)) return error
  return new PlatformError(error.code, `${what}: ${error.message}`, { hint: error.hint, cause: error })
}

const changeOf = (before: Resource | undefined, after: Resource): Change =>
  before === undefined ? 'created' : isDeepStrictEqual(stable(before), stable(after)) ? 'unchanged' : 'configured'

/** Without what the server counts by itself. */
function stable({ metadata, status: _status, ...rest }: Resource): object {
  const { managedFields: _fields, resourceVersion: _version, generation: _generation, ...kept } = metadata
  return { metadata: kept, ...rest }
}

/** The definitions among these are usable. */
export async function untilDefined(tools: Tools, resource: Resource, seconds: number): Promise<void> {
  if (resource.kind !== 'CustomResourceDefinition') return
  for (const end = performance.now() + seconds * 1_000; ;) {
    const { status } = ((await readOne(tools, resource)) ?? {}) as { status?: { conditions?: Condition[] } }
    if (status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True')) return
    if (performance.now() > end)
      throw new PlatformError('DEPENDENCY_DOWN', `${resource.metadata.name} is not served after ${seconds} s`, {
        hint: 'Try again.',
      })
    await sleep(pollMs)
  }
}

export interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
}

/** Whether the server will only know its place once others of these resources are applied. */
export async function isMadeByThem(
  { kinds, api }: Tools,
  resource: Resource,
  resources: readonly Resource[],
): Promise<boolean> {
  const kind = await kinds.find(resource)
  if (kind === undefined) return resources.some(one => defines(one, resource))
  const namespace = kinds.namespaceOf(kind, resource)
  if (namespace === undefined) return false
  if (!resources.some(one => one.kind === 'Namespace' && one.metadata.name === namespace)) return false
  try {
    await api.ask(`/api/v1/namespaces/${encodeURIComponent(namespace)}`)
    return false
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return true
    throw error
  }
}

function defines({ kind, spec }: Resource, { apiVersion, kind: wanted }: Resource): boolean {
  if (kind !== 'CustomResourceDefinition') return false
  const { group, names } = spec as { group: string; names: { kind: string } }
  return apiVersion.startsWith(`${group}/`) && names.kind === wanted
}
