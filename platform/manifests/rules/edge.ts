import { agentNames } from '../../../schemas/words.ts'
import { learningEvents, topics } from '../../../schemas/topics.ts'
import { KongPluginConfig } from '../../edge/kong.ts'
import { type Fault, type Manifests, ofKind, textAt } from '../manifests.ts'
import { itemsAt, mapAt, type Path, type Rendered, valueAt } from '../resource.ts'
import { addressesIn } from './engines.ts'
import { kedaKafka } from './fields.ts'

const fault = (rule: string, rendered: Rendered, path: Path, message: string): Fault => ({
  rule,
  in: rendered,
  path,
  message,
})

/** Scalers, and the routes and plugins of the edge. */
export function* edgeRules(manifests: Manifests): Iterable<Fault> {
  yield* scalers(manifests)
  yield* plugins(manifests)
  yield* routes(manifests)
  yield* consumers(manifests)
}

function* scalers(manifests: Manifests): Iterable<Fault> {
  for (const scaler of ofKind(manifests, 'ScaledObject')) {
    const { resource } = scaler
    const name = textAt(resource, ['spec', 'scaleTargetRef', 'name']) ?? ''
    const target = ofKind(manifests, textAt(resource, ['spec', 'scaleTargetRef', 'kind']) ?? 'Deployment').find(
      one => one.resource.metadata.name === name,
    )
    if (target === undefined)
      yield fault('scaler-target', scaler, ['spec', 'scaleTargetRef', 'name'], `there is no Deployment ${name}`)
    else if (valueAt(target.resource, ['spec', 'replicas']) !== undefined)
      yield fault('scaler-replicas', target, ['spec', 'replicas'], 'each deployment would undo what the scaler set')
    const [least, most] = ['minReplicaCount', 'maxReplicaCount'].map(field =>
      Number(valueAt(resource, ['spec', field])),
    ) as [number, number]
    if (learningEvents.partitions % most !== 0)
      yield fault(
        'scaler-maximum',
        scaler,
        ['spec', 'maxReplicaCount'],
        `${most} does not divide ${learningEvents.partitions} partitions`,
      )
    if (!(least >= 1 && least <= most))
      yield fault('scaler-minimum', scaler, ['spec', 'minReplicaCount'], `is not from 1 to ${most}`)
    for (const { value, path } of itemsAt(resource, ['spec', 'triggers']))
      yield* trigger(manifests, scaler, value, path)
  }
}

function* trigger(manifests: Manifests, scaler: Rendered, value: Record<string, unknown>, path: Path): Iterable<Fault> {
  const metadata = mapAt(value, ['metadata'])
  const at = (name: string): Path => [...path, 'metadata', name]
  if (value['type'] !== 'kafka') yield fault('scaler-type', scaler, [...path, 'type'], 'agents scale on lag')
  for (const name of Object.keys(metadata))
    if (!kedaKafka.has(name)) yield fault('scaler-metadata', scaler, at(name), `the scaler kafka has no ${name}`)
  const [group, topic] = [String(metadata['consumerGroup']), String(metadata['topic'])]
  const own = textAt(scaler.resource, ['spec', 'scaleTargetRef', 'name'])
  if (!agentNames.some(name => name === group && own === `learnflow-${name}`))
    yield fault('scaler-group', scaler, at('consumerGroup'), `${group} is not the group of ${String(own)}`)
  if (!topics.some(({ name }) => name === topic))
    yield fault('topic-unknown', scaler, at('topic'), `the platform has no topic ${topic}`)
  yield* addressesIn(manifests, scaler, at('bootstrapServers'), String(metadata['bootstrapServers']))
}

/** The API server takes any setting of a plugin. */
function* plugins(manifests: Manifests): Iterable<Fault> {
  for (const rendered of ofKind(manifests, 'KongPlugin', 'KongClusterPlugin')) {
    const { plugin, config } = rendered.resource
    const read = KongPluginConfig.safeParse({ name: plugin, config })
    for (const { path, message, ...issue } of read.error?.issues ?? []) {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : []
      const [first, ...rest] = path as (string | number)[]
      yield fault(
        'kong-plugin',
        rendered,
        [first === 'name' ? 'plugin' : (first ?? 'plugin'), ...rest, ...keys.slice(0, 1)],
        message,
      )
    }
  }
}

function* routes(manifests: Manifests): Iterable<Fault> {
  const names = new Set(
    ofKind(manifests, 'KongPlugin', 'KongClusterPlugin').map(({ resource }) => resource.metadata.name),
  )
  const gateways = new Set(ofKind(manifests, 'Gateway').map(({ resource }) => resource.metadata.name))
  for (const route of ofKind(manifests, 'HTTPRoute')) {
    const key = 'konghq.com/plugins'
    for (const name of route.resource.metadata.annotations?.[key]?.split(',') ?? [])
      if (!names.has(name))
        yield fault('route-plugin', route, ['metadata', 'annotations', key], `there is no plugin ${name}`)
    for (const { value, path } of itemsAt(route.resource, ['spec', 'parentRefs']))
      if (!gateways.has(String(value['name'])))
        yield fault('route-gateway', route, [...path, 'name'], `there is no Gateway ${String(value['name'])}`)
    for (const rule of itemsAt(route.resource, ['spec', 'rules']))
      for (const { value, path } of itemsAt(route.resource, [...rule.path, 'backendRefs']))
        if (!manifests.addresses.has(`${String(value['name'])}:${String(value['port'])}`))
          yield fault('route-backend', route, path, `no Service has ${String(value['name'])}:${String(value['port'])}`)
  }
}

function* consumers({ all, secrets }: Manifests): Iterable<Fault> {
  for (const consumer of ofKind({ all }, 'KongConsumer')) {
    const credentials = valueAt(consumer.resource, ['credentials'])
    for (const [at, name] of (Array.isArray(credentials) ? credentials : []).entries())
      if (secrets[String(name)] === undefined)
        yield fault('secret-missing', consumer, ['credentials', at], `there is no Secret ${String(name)}`)
  }
}
