/** Our words, and what people say who do not know them; a word may be a synonym of several of ours. */
const table: Readonly<Record<string, string>> = {
  agent: 'bot bots grader helper worker',
  kafka: 'bus mq rabbitmq pulsar zookeeper broker brokers',
  dead: 'dlq poison parked undeliverable',
  replay: 'resend reprocess redeliver requeue',
  lag: 'backlog behind unread',
  record: 'peek tail',
  partition: 'partitions shards',
  redis: 'memcached valkey cache caches keydb',
  postgresql: 'mysql mariadb sql db rdbms psql pg postgre',
  dapr: 'mesh istio blocks pubsub',
  resiliency: 'policy policies retry retries timeouts',
  exercise: 'homework assignment assignments task tasks problem',
  student: 'pupil pupils kid kids learner learners',
  machine: 'box laptop computer host pc server',
  address: 'url link port',
  doctor: 'prerequisite prerequisites cloned requirements need',
  purge: 'wipe erase uninstall clean slate',
  start: 'fire spin boot launch setup',
  stop: 'plug off quit halt',
  schema: 'contract contracts interface',
  field: 'attribute attributes property properties renaming column',
  compatibility: 'cope downstream breaking drift',
  backup: 'snapshot snapshots dump copies',
  restore: 'roll yesterday move recover',
  token: 'jwt login password credential credentials apikey signin',
  latency: 'sla slow slower slowness forever quick ms speed',
  restart: 'wedged bounce hung kick',
  rollback: 'revert worse previous',
  scale: 'more capacity replicas',
  mastery: 'level levels skill progress believe',
  recompute: 'recalculate recalculated',
  compare: 'sync same differ differs agree',
  verify: 'green confirm permission acceptance guarantees',
  negative: 'sabotage chaos alarms',
  diagnose: 'misbehaving figure smells',
  stuck: 'vanished disappeared',
  benchmark: 'throughput stress hammer rate rps',
  down: 'crashed unreachable dead died gone fatal',
}

const people = new Map<string, string[]>()
for (const [ours, theirs] of Object.entries(table))
  for (const word of theirs.split(' ')) people.set(word, [...(people.get(word) ?? []), ours])

/** Our words for one that people say, in lower case; empty when it has no other meaning here. */
export const synonymsOf = (word: string): readonly string[] => people.get(word) ?? []
