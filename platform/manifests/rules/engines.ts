import { settingMistakes } from '../../config.ts'
import { learningEvents, topics } from '../../../schemas/topics.ts'
import { type Fault, isPlatform, type Manifests, ofKind, textAt, type Workload } from '../manifests.ts'
import { itemsAt, mapAt, type Path, type Rendered, valueAt } from '../resource.ts'
import { quantity } from './quantity.ts'

const fault = (rule: string, rendered: Rendered, path: Path, message: string): Fault => ({
  rule,
  in: rendered,
  path,
  message,
})

/** Settings, the addresses in them, topics, and what the engines promise. */
export function* engineRules(manifests: Manifests): Iterable<Fault> {
  yield* settings(manifests)
  yield* topicRules(manifests)
  yield* kafkaNodes(manifests)
  yield* postgresSize(manifests)
}

/** What each process of the platform gets of the ConfigMaps it takes whole, with the map that says so. */
function* settings(manifests: Manifests): Iterable<Fault> {
  const used = new Set(
    manifests.workloads
      .filter(isPlatform)
      .flatMap(({ containers }) => containers.flatMap(({ value }) => itemsAt(value, ['envFrom'])))
      .map(({ value }) => textAt(value, ['configMapRef', 'name'])),
  )
  for (const map of ofKind(manifests, 'ConfigMap')) {
    if (!used.has(map.resource.metadata.name)) continue
    const data = mapAt(map.resource, ['data'])
    for (const [name, value] of Object.entries(data)) {
      const [mistake] = settingMistakes({
        values: { LEARNFLOW_DATA_DIR: '/data', [name]: value },
        file: undefined,
        fromEnv: new Set([name]),
      })
      if (mistake !== undefined) yield fault('setting-wrong', map, ['data', name], mistake.text)
      else if (/_(?:BROKERS|NODES)$/.test(name)) yield* addressesIn(manifests, map, ['data', name], String(value))
    }
    if (data['LEARNFLOW_MIGRATE'] !== 'off')
      yield fault('setting-wrong', map, ['data', 'LEARNFLOW_MIGRATE'], 'is not off: only the job migrates')
    yield* portsIn(manifests, map, data)
  }
  for (const workload of manifests.workloads.filter(isPlatform)) yield* ownSettings(workload)
}

function* ownSettings(workload: Workload): Iterable<Fault> {
  for (const { path } of workload.containers)
    for (const { value, path: at } of itemsAt(workload.resource, [...path, 'env'])) {
      const name = String(value['name'])
      const said = 'value' in value ? value['value'] : 'postgres://from-a-secret'
      const [mistake] = settingMistakes({
        values: { LEARNFLOW_DATA_DIR: '/data', [name]: said },
        file: undefined,
        fromEnv: new Set([name]),
      })
      if (mistake !== undefined) yield fault('setting-wrong', workload, [...at, 'name'], mistake.text)
    }
}

/** The ports that the settings say are those of the containers. */
function* portsIn({ workloads }: Manifests, map: Rendered, data: Record<string, unknown>): Iterable<Fault> {
  for (const [setting, name] of [
    ['LEARNFLOW_HTTP_PORT', 'http'],
    ['LEARNFLOW_HEALTH_PORT', 'health'],
  ] as const)
    for (const { containers } of workloads.filter(isPlatform))
      for (const { value } of containers.flatMap(container => itemsAt(container.value, ['ports'])))
        if (value['name'] === name && String(value['containerPort']) !== data[setting]) {
          yield fault(
            'port-differs',
            map,
            ['data', setting],
            `is ${String(data[setting])}, the port ${name} of the containers ${String(value['containerPort'])}`,
          )
          break
        }
}

export function* addressesIn({ addresses }: Manifests, rendered: Rendered, path: Path, text: string): Iterable<Fault> {
  for (const address of text.split(',')) {
    const short = address.replace(/^([^.:]+)(?:\.[^:]*)?:/, '$1:')
    if (!addresses.has(short)) yield fault('address-unknown', rendered, path, `no Service has ${address}`)
  }
}

/** KafkaTopics are those of `schemas/topics.ts`. */
function* topicRules(manifests: Manifests): Iterable<Fault> {
  const present = ofKind(manifests, 'KafkaTopic')
  for (const rendered of present) {
    const { resource } = rendered
    const name = textAt(resource, ['spec', 'topicName']) ?? resource.metadata.name
    const topic = topics.find(one => one.name === name)
    if (topic === undefined) {
      yield fault('topic-unknown', rendered, ['metadata', 'name'], `the platform has no topic ${name}`)
      continue
    }
    const wanted: [Path, number][] = [
      [['spec', 'partitions'], topic.partitions],
      [['spec', 'replicas'], topic.replication],
      [['spec', 'config', 'min.insync.replicas'], topic.min_insync_replicas],
      [['spec', 'config', 'retention.ms'], topic.retention_ms],
      [['spec', 'config', 'segment.ms'], topic.segment_ms],
      [['spec', 'config', 'max.message.bytes'], topic.max_message_bytes],
    ]
    for (const [path, value] of wanted)
      if (Number(valueAt(resource, path)) !== value)
        yield fault('topic-differs', rendered, path, `is ${String(valueAt(resource, path))}, not ${value}`)
  }
  const clusters = new Set(ofKind(manifests, 'Kafka').map(({ resource }) => resource.metadata.name))
  for (const rendered of [...present, ...ofKind(manifests, 'KafkaNodePool')]) {
    const cluster = rendered.resource.metadata.labels?.['strimzi.io/cluster'] ?? ''
    if (!clusters.has(cluster))
      yield fault(
        'kafka-unknown',
        rendered,
        ['metadata', 'labels', 'strimzi.io/cluster'],
        `there is no Kafka ${cluster}`,
      )
  }
  const [kafka] = ofKind(manifests, 'Kafka')
  for (const topic of kafka === undefined ? [] : topics)
    if (!present.some(({ resource }) => resource.metadata.name === topic.name))
      yield fault('topic-missing', kafka as Rendered, ['metadata', 'name'], `there is no KafkaTopic ${topic.name}`)
}

/** A write survives a node: three nodes, two of which have it. */
function* kafkaNodes(manifests: Manifests): Iterable<Fault> {
  for (const kafka of ofKind(manifests, 'Kafka')) {
    const nodes = ofKind(manifests, 'KafkaNodePool')
    const count = nodes.reduce((sum, { resource }) => sum + Number(valueAt(resource, ['spec', 'replicas'])), 0)
    const [pool = kafka] = nodes
    if (count < learningEvents.replication)
      yield fault(
        'kafka-nodes',
        pool,
        ['spec', 'replicas'],
        `${count} nodes cannot hold ${learningEvents.replication} replicas`,
      )
    const path = ['spec', 'kafka', 'config', 'auto.create.topics.enable']
    if (valueAt(kafka.resource, path) !== false)
      yield fault('kafka-auto-create', kafka, path, 'a misspelt topic would be made')
    for (const { value, path: at } of itemsAt(kafka.resource, ['spec', 'kafka', 'listeners']))
      if (!Array.isArray(value['networkPolicyPeers']) || value['networkPolicyPeers'].length === 0)
        yield fault(
          'listener-open',
          kafka,
          [...at, 'networkPolicyPeers'],
          'the whole cluster may read and write events',
        )
  }
  for (const map of ofKind(manifests, 'ConfigMap')) {
    const path = ['data', 'server.properties']
    const said = textAt(map.resource, path)
    if (said === undefined) continue
    const set = manifests.workloads.find(
      ({ resource }) => resource.kind === 'StatefulSet' && resource.metadata.name === map.resource.metadata.name,
    )
    const voters = /^controller\.quorum\.voters=(.*)$/m.exec(said)?.[1]?.split(',').length ?? 0
    const replicas = Number(valueAt(set?.resource, ['spec', 'replicas']))
    if (set !== undefined && voters !== replicas)
      yield fault(
        'kafka-nodes',
        set,
        ['spec', 'replicas'],
        `${replicas} nodes, but ${voters} voters in server.properties`,
      )
    if (!/^auto\.create\.topics\.enable=false$/m.test(said))
      yield fault('kafka-auto-create', map, path, 'a misspelt topic would be made')
  }
}

const floor = { cpu: '250m', memory: '256Mi', storage: '5Gi' }

/** What PostgreSQL has at least, in the way the manifests write it. */
function* postgresSize(manifests: Manifests): Iterable<Fault> {
  for (const cluster of ofKind(manifests, 'Cluster')) {
    const places: [Path, string][] = [
      [['spec', 'resources', 'requests', 'cpu'], floor.cpu],
      [['spec', 'resources', 'requests', 'memory'], floor.memory],
      [['spec', 'storage', 'size'], floor.storage],
    ]
    for (const [path, wanted] of places)
      if (!(quantity(textAt(cluster.resource, path) ?? '0') >= quantity(wanted)))
        yield fault(
          'postgres-small',
          cluster,
          path,
          `is ${textAt(cluster.resource, path) ?? 'not set'}, at least ${wanted}`,
        )
  }
}
