import { mapAt, itemsAt, type Path, type Placed, type Rendered, valueAt } from './resource.ts'

/** An object that runs pods, and their template. */
export interface Workload extends Rendered {
  /** The place of the pod's spec. */
  spec: Path
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  containers: readonly Placed[]
}

/** Pods that a selector may select: ours, and those that an operator makes. `ports`: by number and by name. */
export interface Pods {
  labels: Readonly<Record<string, string>>
  ports: ReadonlySet<string>
  from: string
}

/** What a check looks at: the objects of one overlay, the Secrets that are made where it is deployed, the locked images. */
export interface Manifests {
  all: readonly Rendered[]
  workloads: readonly Workload[]
  pods: readonly Pods[]
  /** The keys of each Secret that is made elsewhere. */
  secrets: Readonly<Record<string, readonly string[]>>
  /** The addresses `host:port` of Services, also of those that an operator makes. */
  addresses: ReadonlySet<string>
  images: ReadonlySet<string>
}

/** One fault: the rule that it breaks, where, and what is wrong. */
export interface Fault {
  rule: string
  in: Rendered
  path: Path
  message: string
}
export type Rule = (manifests: Manifests) => Iterable<Fault>

const templates: Readonly<Record<string, Path>> = {
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
}

export const ofKind = ({ all }: Pick<Manifests, 'all'>, ...kinds: string[]): Rendered[] =>
  all.filter(({ resource }) => kinds.includes(resource.kind))

/** Whether it is a process of the platform, and not an engine. */
export const isPlatform = ({ labels }: Workload): boolean =>
  labels['app.kubernetes.io/name'] === 'learnflow' && labels['app.kubernetes.io/component'] !== 'backup'

function workloadOf(rendered: Rendered): Workload[] {
  const template = templates[rendered.resource.kind]
  if (template === undefined) return []
  const { resource } = rendered
  const spec = [...template, 'spec']
  return [
    {
      ...rendered,
      spec,
      labels: mapAt(resource, [...template, 'metadata', 'labels']) as Record<string, string>,
      annotations: mapAt(resource, [...template, 'metadata', 'annotations']) as Record<string, string>,
      containers: ['containers', 'initContainers'].flatMap(list => itemsAt(resource, [...spec, list])),
    },
  ]
}

const portsOf = ({ containers }: Workload): Set<string> =>
  new Set(
    containers
      .flatMap(({ value, path }) => itemsAt(value, ['ports']).map(port => ({ ...port, path })))
      .flatMap(({ value }) => [String(value['containerPort']), String(value['name'])]),
  )

/** What the operators make of their resources (Strimzi 1.2, CloudNativePG 1.30). */
function operated(all: readonly Rendered[]): { pods: Pods[]; addresses: string[]; secrets: Record<string, string[]> } {
  const kafkas = ofKind({ all }, 'Kafka').map(({ resource }) => ({
    name: resource.metadata.name,
    ports: itemsAt(resource, ['spec', 'kafka', 'listeners']).map(({ value }) => String(value['port'])),
  }))
  const postgres = ofKind({ all }, 'Cluster').map(({ resource }) => resource.metadata.name)
  return {
    pods: [
      ...kafkas.flatMap(({ name, ports }) =>
        ['kafka', 'entity-operator'].map(part => ({
          labels: { 'strimzi.io/cluster': name, 'strimzi.io/kind': 'Kafka', 'strimzi.io/name': `${name}-${part}` },
          ports: new Set(part === 'kafka' ? ports : []),
          from: name,
        })),
      ),
      ...postgres.map(name => ({ labels: { 'cnpg.io/cluster': name }, ports: new Set(['5432', '8000']), from: name })),
    ],
    addresses: [
      ...kafkas.flatMap(({ name, ports }) => ports.map(port => `${name}-kafka-bootstrap:${port}`)),
      ...postgres.flatMap(name => ['rw', 'ro', 'r'].map(kind => `${name}-${kind}:5432`)),
    ],
    secrets: Object.fromEntries(postgres.map(name => [`${name}-app`, ['username', 'password', 'dbname', 'uri']])),
  }
}

const servicesOf = (all: readonly Rendered[]): string[] =>
  ofKind({ all }, 'Service').flatMap(({ resource }) =>
    itemsAt(resource, ['spec', 'ports']).map(({ value }) => `${resource.metadata.name}:${String(value['port'])}`),
  )

/** What there is to look at, from the objects of one overlay. */
export function manifestsOf(
  all: readonly Rendered[],
  made: Readonly<Record<string, readonly string[]>>,
  images: readonly string[],
): Manifests {
  const workloads = all.flatMap(workloadOf)
  const theirs = operated(all)
  const own = workloads.map(workload => ({
    labels: workload.labels,
    // A sidecar's own ports: its internal gRPC and its metrics.
    ports: new Set([
      ...portsOf(workload),
      ...(workload.annotations['dapr.io/enabled'] === 'true' ? ['50002', '9090'] : []),
    ]),
    from: workload.resource.metadata.name,
  }))
  return {
    all,
    workloads,
    pods: [...own, ...theirs.pods],
    secrets: { ...made, ...theirs.secrets },
    addresses: new Set([...servicesOf(all), ...theirs.addresses]),
    images: new Set(images),
  }
}

/** The text at a place; undefined when there is none. */
export const textAt = (body: unknown, path: Path): string | undefined => {
  const value = valueAt(body, path)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
