import type { Resource } from '../../ports/cluster.ts'
import type { Condition } from './apply.ts'

/** How far a workload is: done, or what is not there yet. `final`: waiting longer does not help. */
export type Progress = { done: true } | { done: false; what: string; final?: boolean }

interface WorkloadStatus {
  observedGeneration?: number
  replicas?: number
  updatedReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  currentRevision?: string
  updateRevision?: string
  desiredNumberScheduled?: number
  updatedNumberScheduled?: number
  numberAvailable?: number
  conditions?: Condition[]
}

/** The workload as it is; kinds other than the known ones are done once they exist. */
export function progressOf({ kind, metadata, spec = {}, status = {} }: Resource): Progress {
  const now = status as WorkloadStatus
  const { replicas: wanted = 1 } = spec as { replicas?: number }
  if (!['Deployment', 'StatefulSet', 'DaemonSet', 'Job'].includes(kind)) return { done: true }
  if (kind === 'Job') return ofJob(now)
  if ((now.observedGeneration ?? 0) < Number(metadata['generation'] ?? 0)) return waits('it was not looked at yet')
  if (kind === 'DaemonSet')
    return counted(now.numberAvailable, now.desiredNumberScheduled ?? 0, now.updatedNumberScheduled)
  const late = now.conditions?.find(({ reason }) => reason === 'ProgressDeadlineExceeded')
  if (late !== undefined) return { done: false, what: late.message ?? 'it is too late', final: true }
  const ready = kind === 'Deployment' ? now.availableReplicas : now.readyReplicas
  const progress = counted(ready, wanted, now.updatedReplicas)
  if (!progress.done) return progress
  const old = (now.replicas ?? 0) - (now.updatedReplicas ?? 0)
  if (kind === 'Deployment' && old > 0) return waits(`${old} old pods still run`)
  return kind === 'StatefulSet' && wanted > 0 && now.currentRevision !== now.updateRevision
    ? waits('some pods are of the old revision')
    : { done: true }
}

const waits = (what: string): Progress => ({ done: false, what })

function counted(ready = 0, wanted: number, updated = 0): Progress {
  return ready >= wanted && updated >= wanted
    ? { done: true }
    : waits(`${Math.min(ready, updated)} of ${wanted} pods are ready`)
}

function ofJob({ conditions = [] }: WorkloadStatus): Progress {
  const holds = (type: string) => conditions.find(one => one.type === type && one.status === 'True')
  if (holds('Complete') !== undefined) return { done: true }
  const failed = holds('Failed')
  return failed === undefined
    ? waits('the job is not complete')
    : { done: false, what: `the job failed: ${failed.message ?? failed.reason ?? ''}`, final: true }
}
