import { agentNames } from '../../../schemas/words.ts'
import { imagesOf } from '../images.ts'
import { type Fault, isPlatform, type Manifests, textAt, type Workload } from '../manifests.ts'
import { itemsAt, mapAt, type Path, valueAt } from '../resource.ts'
import { selects } from '../selector.ts'
import { quantity } from './quantity.ts'
import { containerFields, podFields, probeFields, volumeFields } from './fields.ts'

const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const
/** Restricted Pod Security allows volumes of these alone. */
const allowedVolumes = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
])
const graceSeconds = 75

/** What a pod must have, whatever it runs. */
export function* podRules({ workloads, images }: Manifests): Iterable<Fault> {
  for (const workload of workloads) {
    yield* fieldRules(workload)
    yield* restricted(workload)
    yield* volumes(workload)
    for (const container of workload.containers) {
      yield* resources(workload, container)
      yield* probesOf(workload, container)
    }
    if (isPlatform(workload)) yield* platformPod(workload)
    yield* spread(workload)
  }
  for (const rendered of workloads.flatMap(workload => [workload])) {
    for (const { image, path } of imagesOf(rendered.resource))
      if (!images.has(image)) yield fault('image-not-locked', rendered, path, `${image} is not in images.lock`)
  }
}

const fault = (rule: string, workload: Fault['in'], path: Path, message: string): Fault => ({
  rule,
  in: workload,
  path,
  message,
})

function* fieldRules(workload: Workload): Iterable<Fault> {
  const unknown = function* (path: Path, known: ReadonlySet<string>): Iterable<Fault> {
    for (const name of Object.keys(mapAt(workload.resource, path)))
      if (!known.has(name)) yield fault('field-unknown', workload, [...path, name], `there is no field ${name}`)
  }
  yield* unknown(workload.spec, podFields)
  for (const { path } of workload.containers) {
    yield* unknown(path, containerFields)
    for (const probe of probes) yield* unknown([...path, probe], probeFields)
  }
  for (const { path } of itemsAt(workload.resource, [...workload.spec, 'volumes'])) yield* unknown(path, volumeFields)
}

/** Whether a container may have this beside a restricted pod. */
function allowedToContainer(name: string, value: unknown): boolean {
  if (name === 'privileged') return value === false
  if (name === 'runAsNonRoot') return value === true
  if (name === 'runAsUser') return value !== 0
  if (name === 'seccompProfile') return valueAt(value, ['type']) === 'RuntimeDefault'
  const added = valueAt(value, ['add'])
  return added === undefined || (Array.isArray(added) && added.every(one => one === 'NET_BIND_SERVICE'))
}

/** https://kubernetes.io/docs/concepts/security/pod-security-standards/, Restricted, and a root that is read only. */
function* restricted(workload: Workload): Iterable<Fault> {
  const { resource, spec, containers } = workload
  const demand = function* (path: Path, wanted: unknown): Iterable<Fault> {
    if (valueAt(resource, path) !== wanted)
      yield fault('pod-not-restricted', workload, path, `is ${String(valueAt(resource, path))}, not ${String(wanted)}`)
  }
  yield* demand([...spec, 'securityContext', 'runAsNonRoot'], true)
  yield* demand([...spec, 'securityContext', 'seccompProfile', 'type'], 'RuntimeDefault')
  if (valueAt(resource, [...spec, 'securityContext', 'runAsUser']) === 0)
    yield* demand([...spec, 'securityContext', 'runAsUser'], 'another user')
  for (const name of ['hostNetwork', 'hostPID', 'hostIPC'])
    if (valueAt(resource, [...spec, name]) === true) yield* demand([...spec, name], false)
  if (valueAt(resource, [...spec, 'automountServiceAccountToken']) !== false)
    yield fault('token-mounted', workload, [...spec, 'automountServiceAccountToken'], 'no process asks the API server')
  for (const { path } of containers) {
    yield* demand([...path, 'securityContext', 'allowPrivilegeEscalation'], false)
    yield* demand([...path, 'securityContext', 'readOnlyRootFilesystem'], true)
    yield* demand([...path, 'securityContext', 'capabilities', 'drop', 0], 'ALL')
    for (const name of ['privileged', 'runAsNonRoot', 'runAsUser', 'seccompProfile', 'capabilities']) {
      const at = [...path, 'securityContext', name]
      const value = valueAt(resource, at)
      if (value !== undefined && !allowedToContainer(name, value))
        yield fault('pod-not-restricted', workload, at, `${JSON.stringify(value)} takes back what the pod restricts`)
    }
  }
  for (const { value, path } of itemsAt(resource, [...spec, 'volumes']))
    for (const type of Object.keys(value).filter(name => name !== 'name'))
      if (!allowedVolumes.has(type))
        yield fault('pod-not-restricted', workload, [...path, type], `${type} is not allowed`)
}

function* volumes(workload: Workload): Iterable<Fault> {
  const { resource, spec, containers } = workload
  const claims = itemsAt(resource, ['spec', 'volumeClaimTemplates']).map(({ value }) =>
    textAt(value, ['metadata', 'name']),
  )
  const there = itemsAt(resource, [...spec, 'volumes'])
  const names = new Set([...there.map(({ value }) => value['name']), ...claims])
  const mounts = containers.flatMap(({ path }) => itemsAt(resource, [...path, 'volumeMounts']))
  for (const { value, path } of mounts)
    if (!names.has(value['name']))
      yield fault('volume-missing', workload, [...path, 'name'], `there is no volume ${String(value['name'])}`)
  for (const { value, path } of there) {
    if (!mounts.some(mount => mount.value['name'] === value['name']))
      yield fault('volume-unused', workload, path, `nothing mounts ${String(value['name'])}`)
    if ('emptyDir' in value && textAt(value, ['emptyDir', 'sizeLimit']) === undefined)
      yield fault('volume-unbounded', workload, [...path, 'emptyDir'], 'an emptyDir has a sizeLimit')
  }
}

function* resources(workload: Workload, { path }: { path: Path }): Iterable<Fault> {
  for (const [kind, name] of [
    ['requests', 'cpu'],
    ['requests', 'memory'],
    ['requests', 'ephemeral-storage'],
    ['limits', 'memory'],
    ['limits', 'ephemeral-storage'],
  ] as const) {
    const at = [...path, 'resources', kind, name]
    const said = textAt(workload.resource, at)
    if (said === undefined) yield fault('resources-missing', workload, at, `has no ${name} in its ${kind}`)
    else if (Number.isNaN(quantity(said))) yield fault('resources-wrong', workload, at, `${said} is no quantity`)
    else if (
      kind === 'limits' &&
      quantity(said) < quantity(textAt(workload.resource, [...path, 'resources', 'requests', name]) ?? '0')
    )
      yield fault('resources-wrong', workload, at, `${said} is less than what is requested`)
  }
  const cpu = [...path, 'resources', 'limits', 'cpu']
  if (textAt(workload.resource, cpu) !== undefined)
    yield fault('resources-wrong', workload, cpu, 'a limit on CPU delays work that the node has time for')
}

function* probesOf(
  workload: Workload,
  { value, path }: { value: Record<string, unknown>; path: Path },
): Iterable<Fault> {
  const lasting = /^(?:Deployment|StatefulSet)$/.test(workload.resource.kind)
  const ports = new Set(
    itemsAt(value, ['ports']).flatMap(port => [String(port.value['name']), String(port.value['containerPort'])]),
  )
  for (const probe of probes) {
    const at = [...path, probe]
    const set = valueAt(workload.resource, at)
    if (set === undefined) {
      if (lasting && probe !== 'startupProbe') yield fault('probe-missing', workload, at, `has no ${probe}`)
      continue
    }
    for (const how of ['httpGet', 'tcpSocket']) {
      const port = textAt(set, [how, 'port'])
      if (port !== undefined && !ports.has(port))
        yield fault('probe-port', workload, [...at, how, 'port'], `the container has no port ${port}`)
    }
    const asked = textAt(set, ['httpGet', 'path'])
    const right = probe === 'readinessProbe' ? '/health/ready' : '/health/live'
    if (isPlatform(workload) && asked !== right)
      yield fault('probe-path', workload, [...at, 'httpGet', 'path'], `is ${String(asked)}, not ${right}`)
  }
}

/** The processes of the platform: what they run, and how long they may take to end. */
function* platformPod(workload: Workload): Iterable<Fault> {
  const { resource, spec, labels, containers } = workload
  const component = labels['app.kubernetes.io/component'] ?? ''
  const wanted = (agentNames as readonly string[]).includes(component) ? `worker ${component}` : component
  const [container] = containers
  const args = valueAt(container?.value, ['args'])
  const said = Array.isArray(args) ? args.join(' ') : ''
  if (container !== undefined && said !== wanted)
    yield fault(
      'process-wrong',
      workload,
      [...container.path, 'args'],
      `runs \`${said}\`, its component is ${component}`,
    )
  if (valueAt(resource, [...spec, 'enableServiceLinks']) !== false)
    yield fault(
      'service-links',
      workload,
      [...spec, 'enableServiceLinks'],
      'a Service would be an unknown LEARNFLOW_ setting',
    )
  const grace = [...spec, 'terminationGracePeriodSeconds']
  if (Number(valueAt(resource, grace) ?? 30) < graceSeconds)
    yield fault('grace-short', workload, grace, `work in hand and a sidecar take up to ${graceSeconds} s`)
}

function* spread(workload: Workload): Iterable<Fault> {
  const { resource, spec, labels } = workload
  const constraints = itemsAt(resource, [...spec, 'topologySpreadConstraints'])
  for (const { value, path } of constraints)
    if (!selects(value['labelSelector'], labels))
      yield fault('spread-selector', workload, [...path, 'labelSelector'], 'does not select these pods')
  if (resource.kind === 'Deployment' && constraints.length === 0)
    yield fault('spread-missing', workload, [...spec, 'topologySpreadConstraints'], 'all pods may be on one node')
}
