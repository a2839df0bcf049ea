import { type Fault, type Manifests, ofKind, textAt } from '../manifests.ts'
import { holdersOf, isNamespaced, itemsAt, mapAt, type Path, type Rendered, valueAt } from '../resource.ts'
import { selects } from '../selector.ts'

const fault = (rule: string, rendered: Rendered, path: Path, message: string): Fault => ({
  rule,
  in: rendered,
  path,
  message,
})

/** Names that one object has of another. */
export function* referenceRules(manifests: Manifests): Iterable<Fault> {
  yield* duplicates(manifests)
  yield* keysOf(manifests)
  yield* namesIn(manifests)
  yield* selectorsOf(manifests)
  yield* disruption(manifests)
  yield* policies(manifests)
  yield* secretsInGit(manifests)
  yield* namespaces(manifests)
}

function* duplicates({ all }: Manifests): Iterable<Fault> {
  const seen = new Set<string>()
  for (const rendered of all) {
    const { apiVersion, kind, metadata } = rendered.resource
    const id = `${apiVersion.split('/')[0]}/${kind}/${metadata.namespace ?? ''}/${metadata.name}`
    if (seen.has(id))
      yield fault('name-twice', rendered, ['metadata', 'name'], `there is another ${kind} ${metadata.name}`)
    seen.add(id)
  }
}

/** ConfigMaps and Secrets, and their keys. */
function* keysOf({ all, workloads, secrets }: Manifests): Iterable<Fault> {
  const maps = Object.fromEntries(
    ofKind({ all }, 'ConfigMap').map(({ resource }) => [
      resource.metadata.name,
      Object.keys(mapAt(resource, ['data'])),
    ]),
  )
  const look = function* (
    rendered: Rendered,
    path: Path,
    kind: 'ConfigMap' | 'Secret',
    name: unknown,
    key?: unknown,
  ): Iterable<Fault> {
    const keys = (kind === 'Secret' ? secrets : maps)[String(name)]
    const rule = kind.toLowerCase()
    if (keys === undefined) yield fault(`${rule}-missing`, rendered, path, `there is no ${kind} ${String(name)}`)
    else if (typeof key === 'string' && !keys.includes(key))
      yield fault(`${rule}-key`, rendered, path, `${kind} ${String(name)} has no key ${key}`)
  }
  for (const workload of workloads) {
    const refs = [
      ['secretKeyRef', 'Secret'],
      ['configMapKeyRef', 'ConfigMap'],
      ['configMapRef', 'ConfigMap'],
      ['secretRef', 'Secret'],
    ] as const
    for (const [field, kind] of refs)
      for (const { value, path } of holdersOf(workload.resource, field)) {
        const { name, key } = mapAt(value, [field])
        yield* look(
          workload,
          [
            ...path,
            field,
            key === undefined || (kind === 'Secret' ? secrets : maps)[String(name)] === undefined ? 'name' : 'key',
          ],
          kind,
          name,
          key,
        )
      }
    for (const { value, path } of itemsAt(workload.resource, [...workload.spec, 'volumes']))
      for (const [field, kind, named] of [
        ['secret', 'Secret', 'secretName'],
        ['configMap', 'ConfigMap', 'name'],
      ] as const) {
        if (!(field in value)) continue
        const name = valueAt(value, [field, named])
        yield* look(workload, [...path, field, named], kind, name)
        if ((kind === 'Secret' ? secrets : maps)[String(name)] === undefined) continue
        for (const item of itemsAt(value, [field, 'items']))
          yield* look(workload, [...path, ...item.path, 'key'], kind, name, item.value['key'])
      }
  }
}

/** Service accounts, claims, and the Service of a StatefulSet. */
function* namesIn(manifests: Manifests): Iterable<Fault> {
  const namesOf = (kind: string): Set<string> =>
    new Set(ofKind(manifests, kind).map(({ resource }) => resource.metadata.name))
  const [accounts, claims, services] = [namesOf('ServiceAccount'), namesOf('PersistentVolumeClaim'), namesOf('Service')]
  for (const workload of manifests.workloads) {
    const account = [...workload.spec, 'serviceAccountName']
    if (!accounts.has(textAt(workload.resource, account) ?? ''))
      yield fault(
        'account-missing',
        workload,
        account,
        `there is no ServiceAccount ${textAt(workload.resource, account) ?? ''}`,
      )
    for (const { value, path } of holdersOf(workload.resource, 'claimName'))
      if (!claims.has(String(value['claimName'])))
        yield fault(
          'claim-missing',
          workload,
          [...path, 'claimName'],
          `there is no PersistentVolumeClaim ${String(value['claimName'])}`,
        )
    if (workload.resource.kind !== 'StatefulSet') continue
    const service = textAt(workload.resource, ['spec', 'serviceName'])
    if (!services.has(service ?? ''))
      yield fault('service-missing', workload, ['spec', 'serviceName'], `there is no Service ${service ?? ''}`)
  }
}

/** Services, workloads and monitors find their pods and ports. */
function* selectorsOf(manifests: Manifests): Iterable<Fault> {
  for (const workload of manifests.workloads) {
    const selector = valueAt(workload.resource, ['spec', 'selector'])
    if (selector !== undefined && !selects(selector, workload.labels))
      yield fault('workload-selector', workload, ['spec', 'selector'], 'does not select the pods of its own template')
  }
  for (const service of ofKind(manifests, 'Service')) {
    const matchLabels = mapAt(service.resource, ['spec', 'selector'])
    const pods = manifests.pods.filter(({ labels }) => selects({ matchLabels }, labels))
    if (pods.length === 0) yield fault('service-selector', service, ['spec', 'selector'], 'selects no pod')
    for (const { value, path } of itemsAt(service.resource, ['spec', 'ports'])) {
      const port = String(value['targetPort'] ?? value['port'])
      if (pods.length > 0 && !pods.some(({ ports }) => ports.has(port)))
        yield fault('service-port', service, [...path, 'targetPort'], `no pod of it has a port ${port}`)
    }
  }
  for (const monitor of ofKind(manifests, 'PodMonitor')) {
    const pods = manifests.pods.filter(({ labels }) => selects(valueAt(monitor.resource, ['spec', 'selector']), labels))
    if (pods.length === 0) yield fault('monitor-selector', monitor, ['spec', 'selector'], 'selects no pod')
    for (const { value, path } of itemsAt(monitor.resource, ['spec', 'podMetricsEndpoints']))
      for (const { ports, from } of pods)
        if (!ports.has(String(value['port'])))
          yield fault('monitor-port', monitor, [...path, 'port'], `${from} has no port ${String(value['port'])}`)
  }
}

function* disruption(manifests: Manifests): Iterable<Fault> {
  for (const budget of ofKind(manifests, 'PodDisruptionBudget')) {
    const selector = valueAt(budget.resource, ['spec', 'selector'])
    const guarded = manifests.workloads.filter(({ labels }) => selects(selector, labels))
    if (guarded.length === 0) yield fault('budget-selector', budget, ['spec', 'selector'], 'selects no pod')
    const [most, least] = [
      textAt(budget.resource, ['spec', 'maxUnavailable']),
      textAt(budget.resource, ['spec', 'minAvailable']),
    ]
    if (most === '0' || most === '0%')
      yield fault('budget-blocks', budget, ['spec', 'maxUnavailable'], 'no node could ever be drained')
    for (const { resource } of guarded) {
      const replicas = Number(valueAt(resource, ['spec', 'replicas']) ?? 1)
      if (least !== undefined && (least === '100%' || Number(least) >= replicas))
        yield fault(
          'budget-blocks',
          budget,
          ['spec', 'minAvailable'],
          `${resource.metadata.name} has ${replicas} pods: no node could ever be drained`,
        )
    }
  }
  for (const workload of manifests.workloads) {
    if (workload.resource.kind !== 'Deployment') continue
    if (
      !ofKind(manifests, 'PodDisruptionBudget').some(({ resource }) =>
        selects(valueAt(resource, ['spec', 'selector']), workload.labels),
      )
    )
      yield fault(
        'budget-missing',
        workload,
        ['spec', 'template', 'metadata', 'labels'],
        'no PodDisruptionBudget selects its pods',
      )
  }
}

/** Policies name pods of this namespace that are there, and ports that these have. */
function* policies(manifests: Manifests): Iterable<Fault> {
  const all = ofKind(manifests, 'NetworkPolicy')
  const inNamespace = (selector: unknown) => manifests.pods.filter(({ labels }) => selects(selector, labels))
  const denies = ({ resource }: Rendered): boolean =>
    Object.keys(mapAt(resource, ['spec', 'podSelector'])).length === 0 &&
    String(valueAt(resource, ['spec', 'policyTypes'])) === 'Ingress,Egress' &&
    valueAt(resource, ['spec', 'ingress']) === undefined &&
    valueAt(resource, ['spec', 'egress']) === undefined
  if (manifests.workloads.length > 0 && !all.some(denies)) {
    const [place = manifests.workloads[0] as Rendered] = all
    yield fault('policy-default', place, ['spec', 'podSelector'], 'no policy denies by default what none allows')
  }
  for (const policy of all) {
    const own = inNamespace(valueAt(policy.resource, ['spec', 'podSelector']))
    if (own.length === 0) yield fault('policy-selector', policy, ['spec', 'podSelector'], 'selects no pod')
    for (const [way, peers] of [
      ['ingress', 'from'],
      ['egress', 'to'],
    ] as const)
      for (const rule of itemsAt(policy.resource, ['spec', way])) {
        const local = itemsAt(policy.resource, [...rule.path, peers]).filter(
          ({ value }) => !('namespaceSelector' in value) && 'podSelector' in value,
        )
        for (const { value, path } of local)
          if (inNamespace(value['podSelector']).length === 0)
            yield fault('policy-selector', policy, [...path, 'podSelector'], 'selects no pod')
        const reached = way === 'ingress' ? own : local.flatMap(({ value }) => inNamespace(value['podSelector']))
        for (const { value, path } of itemsAt(policy.resource, [...rule.path, 'ports']))
          if (reached.length > 0 && !reached.some(({ ports }) => ports.has(String(value['port']))))
            yield fault('policy-port', policy, [...path, 'port'], `no pod of it has a port ${String(value['port'])}`)
      }
  }
}

function* secretsInGit(manifests: Manifests): Iterable<Fault> {
  for (const secret of ofKind(manifests, 'Secret'))
    yield fault('secret-in-git', secret, ['kind'], 'Secrets are made where it is deployed')
}

function* namespaces(manifests: Manifests): Iterable<Fault> {
  const there = ofKind(manifests, 'Namespace')
  for (const namespace of there)
    if (namespace.resource.metadata.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted')
      yield fault('namespace-open', namespace, ['metadata', 'labels'], 'pods that are not restricted would be admitted')
  const names = new Set(there.map(({ resource }) => resource.metadata.name))
  for (const rendered of manifests.all) {
    const { namespace } = rendered.resource.metadata
    if (isNamespaced(rendered.resource) && names.size > 0 && !names.has(namespace ?? ''))
      yield fault('namespace-missing', rendered, ['metadata', 'namespace'], `there is no Namespace ${namespace ?? ''}`)
  }
}
