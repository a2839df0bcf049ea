import { agentNames } from '../../../schemas/words.ts'
import { topics } from '../../../schemas/topics.ts'
import { type Fault, isPlatform, type Manifests, ofKind, textAt } from '../manifests.ts'
import { itemsAt, mapAt, type Path, type Rendered, valueAt } from '../resource.ts'
import { daprAnnotations, daprMetadata } from './fields.ts'
import { addressesIn } from './engines.ts'

const prefix = 'dapr.io/'
const fault = (rule: string, rendered: Rendered, path: Path, message: string): Fault => ({
  rule,
  in: rendered,
  path,
  message,
})

/** App ids, scopes, and what is opaque to the API server: annotations and the metadata of components. */
export function* daprRules(manifests: Manifests): Iterable<Fault> {
  yield* sidecars(manifests)
  yield* components(manifests)
  yield* subscriptions(manifests)
}

function* sidecars(manifests: Manifests): Iterable<Fault> {
  for (const workload of manifests.workloads) {
    const { annotations, spec, labels } = workload
    const at = (name: string): Path => [...spec.slice(0, -1), 'metadata', 'annotations', prefix + name]
    for (const name of Object.keys(annotations))
      if (name.startsWith(prefix) && !daprAnnotations.has(name.slice(prefix.length)))
        yield fault('dapr-annotation', workload, at(name.slice(prefix.length)), `Dapr knows no ${name}`)
    if (!isPlatform(workload) || workload.resource.kind !== 'Deployment') continue
    const component = labels['app.kubernetes.io/component']
    if (annotations['dapr.io/app-id'] !== component)
      yield fault(
        'dapr-app-id',
        workload,
        at('app-id'),
        `is ${String(annotations['dapr.io/app-id'])}, its component ${String(component)}`,
      )
    if (annotations['dapr.io/enabled'] !== 'true') continue
    const port = settingOf(manifests, 'LEARNFLOW_DAPR_APP_PORT') ?? '3000'
    if (annotations['dapr.io/app-port'] !== port)
      yield fault('dapr-app-port', workload, at('app-port'), `is not ${port}`)
    if (annotations['dapr.io/enable-app-health-check'] !== 'true')
      yield fault('dapr-health-check', workload, at('enable-app-health-check'), 'a stopped app would lose events')
    yield* environment(manifests, workload, at('env'), annotations['dapr.io/env'] ?? '')
  }
}

const settingOf = (manifests: Manifests, name: string): string | undefined =>
  ofKind(manifests, 'ConfigMap')
    .map(({ resource }) => textAt(resource, ['data', name]))
    .find(value => value !== undefined)

/** The sidecar's environment is what components refer to, and splits at commas. */
function* environment(manifests: Manifests, workload: Rendered, path: Path, text: string): Iterable<Fault> {
  const pairs = Object.fromEntries(
    text.split(',').map(pair => [pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1)]),
  )
  for (const { resource } of ofKind(manifests, 'Component'))
    for (const { value } of itemsAt(resource, ['spec', 'metadata'])) {
      const name = value['envRef']
      if (typeof name === 'string' && pairs[name] === undefined)
        yield fault('dapr-env', workload, path, `does not set ${name}, which Component ${resource.metadata.name} reads`)
    }
  for (const [name, value] of Object.entries(pairs))
    if (/_(?:BROKERS|NODES)$/.test(name)) {
      yield* addressesIn(manifests, workload, path, value)
      const own = settingOf(manifests, name)
      if (own !== undefined && own !== value)
        yield fault('dapr-env', workload, path, `${name} is ${value}, the app's is ${own}`)
    }
}

function* components(manifests: Manifests): Iterable<Fault> {
  for (const component of ofKind(manifests, 'Component')) {
    const type = textAt(component.resource, ['spec', 'type']) ?? ''
    const known = daprMetadata[type]
    if (known === undefined) yield fault('dapr-component', component, ['spec', 'type'], `${type} is not used here`)
    for (const { value, path } of itemsAt(component.resource, ['spec', 'metadata']))
      if (known !== undefined && !known.has(String(value['name'])))
        yield fault('dapr-metadata', component, [...path, 'name'], `${type} has no ${String(value['name'])}`)
  }
}

function* subscriptions(manifests: Manifests): Iterable<Fault> {
  const names = new Set(ofKind(manifests, 'Component').map(({ resource }) => resource.metadata.name))
  const apps = new Set(manifests.workloads.map(({ annotations }) => annotations['dapr.io/app-id']))
  for (const rendered of ofKind(manifests, 'Subscription')) {
    const { resource } = rendered
    const [pubsub, topic] = [textAt(resource, ['spec', 'pubsubname']) ?? '', textAt(resource, ['spec', 'topic']) ?? '']
    if (!names.has(pubsub))
      yield fault('dapr-pubsub', rendered, ['spec', 'pubsubname'], `there is no Component ${pubsub}`)
    if (!topics.some(({ name }) => name === topic))
      yield fault('topic-unknown', rendered, ['spec', 'topic'], `the platform has no topic ${topic}`)
    if (textAt(resource, ['spec', 'routes', 'default']) !== `/events/${topic}`)
      yield fault('dapr-route', rendered, ['spec', 'routes', 'default'], `the app listens on /events/${topic}`)
    const scopes = valueAt(resource, ['scopes'])
    const list: unknown[] = Array.isArray(scopes) ? scopes : []
    for (const [at, scope] of list.entries())
      if (!apps.has(String(scope)))
        yield fault('dapr-scope', rendered, ['scopes', at], `no pod has the app id ${String(scope)}`)
    for (const agent of agentNames)
      if (!list.includes(agent))
        yield fault('dapr-scope', rendered, ['scopes'], `the agent ${agent} would get no event`)
  }
  for (const rendered of ofKind(manifests, 'Resiliency')) {
    for (const app of Object.keys(mapAt(rendered.resource, ['spec', 'targets', 'apps'])))
      if (!apps.has(app))
        yield fault('dapr-target', rendered, ['spec', 'targets', 'apps', app], `no pod has the app id ${app}`)
    for (const name of Object.keys(mapAt(rendered.resource, ['spec', 'targets', 'components'])))
      if (!names.has(name))
        yield fault('dapr-target', rendered, ['spec', 'targets', 'components', name], `there is no Component ${name}`)
  }
}
