import type { Resource } from '../../ports/cluster.ts'
import type { Condition, Tools } from './apply.ts'

/** Why pods of a workload do not come. `stays`: it does not pass by itself. */
export interface Reason {
  why: string
  stays: boolean
}

interface ContainerStatus {
  name: string
  ready: boolean
  restartCount: number
  state?: { waiting?: { reason?: string; message?: string }; running?: object }
  lastState?: { terminated?: { reason?: string; exitCode?: number; message?: string } }
}
interface PodStatus {
  phase?: string
  conditions?: Condition[]
  containerStatuses?: ContainerStatus[]
  initContainerStatuses?: ContainerStatus[]
}
interface Event {
  type?: string
  reason?: string
  message?: string
  lastTimestamp?: string
  eventTime?: string
  involvedObject: { kind: string; name: string }
}
interface List<T> {
  items: T[]
}

const pullFaults = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'])
const configFaults = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'])

/** The reasons of a workload that does not come, the worst first; none when nothing is known. */
export async function reasonsOf(tools: Tools, workload: Resource): Promise<Reason[]> {
  const namespace = workload.metadata.namespace ?? 'default'
  const within = `/api/v1/namespaces/${encodeURIComponent(namespace)}`
  const { selector } = workload['spec'] as { selector?: { matchLabels?: Readonly<Record<string, string>> } }
  const matchLabels = selector?.matchLabels ?? {}
  const labelSelector = Object.entries(matchLabels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',')
  const [{ items: pods }, { items: events }] = await Promise.all([
    labelSelector === ''
      ? { items: [] }
      : tools.api.ask<List<Resource>>(`${within}/pods`, { query: { labelSelector } }),
    tools.api.ask<List<Event>>(`${within}/events`, { query: { fieldSelector: 'type=Warning' } }),
  ])
  const found = [...ofCreation(workload, events), ...pods.flatMap(pod => ofPod(pod, events))]
  return found.toSorted((one, other) => Number(other.stays) - Number(one.stays))
}

/** Pods that the API server refuses to make: a quota, Pod Security, a webhook. */
function ofCreation({ kind, metadata, status }: Resource, events: readonly Event[]): Reason[] {
  const { conditions = [] } = (status ?? {}) as { conditions?: Condition[] }
  const failure = conditions.find(({ type, status: is }) => type === 'ReplicaFailure' && is === 'True')
  if (failure !== undefined) return [refused(failure.message)]
  // A ReplicaSet has its Deployment's condition; of a StatefulSet or a Job only the events tell.
  const event = events.findLast(
    one =>
      one.reason === 'FailedCreate' && one.involvedObject.kind === kind && one.involvedObject.name === metadata.name,
  )
  return event === undefined || hasPods(status) ? [] : [refused(event.message)]
}

const hasPods = (status: unknown): boolean => ((status as { replicas?: number } | undefined)?.replicas ?? 0) > 0

const refused = (message = 'no reason is given'): Reason => ({
  why: `its pods are refused (${/exceeded quota/.test(message) ? 'quota' : 'admission'}): ${message}`,
  stays: true,
})

function ofPod({ metadata, status }: Resource, events: readonly Event[]): Reason[] {
  const { conditions = [], containerStatuses = [], initContainerStatuses = [] } = (status ?? {}) as PodStatus
  const pod = `pod ${metadata.name}`
  const unplaced = conditions.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False')
  if (unplaced !== undefined) return [{ why: `${pod} is not placed: ${unplaced.message ?? ''}`, stays: false }]
  const reasons = [...initContainerStatuses, ...containerStatuses].flatMap(one => ofContainer(pod, one))
  if (reasons.length > 0) return reasons
  const unready = containerStatuses.some(({ ready, state }) => !ready && state?.running !== undefined)
  const probe = events.findLast(
    ({ reason, involvedObject }) => reason === 'Unhealthy' && involvedObject.name === metadata.name,
  )
  if (unready)
    return [{ why: `${pod} runs and is not ready: ${probe?.message ?? 'its probe has not passed'}`, stays: false }]
  return []
}

function ofContainer(pod: string, { name, state, lastState, restartCount }: ContainerStatus): Reason[] {
  const { reason = '', message = '' } = state?.waiting ?? {}
  const told = message === '' ? reason : `${reason}: ${message}`
  if (pullFaults.has(reason)) return [{ why: `${pod} cannot get the image of ${name} (${told})`, stays: true }]
  if (configFaults.has(reason)) return [{ why: `${pod} cannot start ${name} (${told})`, stays: true }]
  if (reason !== 'CrashLoopBackOff') return []
  const { reason: ended = 'ended', exitCode = 0 } = lastState?.terminated ?? {}
  const how = ended === 'OOMKilled' ? 'out of memory (OOMKilled)' : `with code ${exitCode}`
  return [{ why: `${pod}: ${name} ends again and again, ${how}, ${restartCount} restarts`, stays: true }]
}
