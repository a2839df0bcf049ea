import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { deadLetterQueue, learningEvents, type Topic, topics } from '../../schemas/topics.ts'
import { ask, type Engines } from './engines.ts'
import { grades, type Place, right } from './place.ts'
import type { PlainWorld, Task } from './task.ts'

/**
 * Statements that block rows of the dead-letter topic only in the first transaction that inserts them, which is the
 * start of the platform.
 */
export const withoutPartitions = (from: number): string[] => [
  `delete from log_partition where topic = 'dead-letter.queue' and partition >= ${from}`,
  'create table fault_seen (id xid8)',
  `create function fault_once() returns trigger language plpgsql as $$ begin
     if new.topic <> 'dead-letter.queue' then return new; end if;
     if not exists (select 1 from fault_seen) then insert into fault_seen values (pg_current_xact_id()); end if;
     if new.partition >= ${from} and exists (select 1 from fault_seen where id = pg_current_xact_id()) then return null; end if;
     return new; end $$`,
  'create trigger fault before insert on log_partition for each row execute function fault_once()',
]

/** Submits a right program with curl and waits for its grade. The token is in curl's settings, so it is not typed. */
export async function submitPlainly({ terminal, terse }: PlainWorld, url: string): Promise<void> {
  const headers = ['content-type: application/json', `idempotency-key: ${randomUUID()}`, 'prefer: wait=20'].flatMap(
    header => ['-H', header],
  )
  const body = JSON.stringify({ exercise_id: 'square', code: right })
  await terminal.run(['curl', terse ? '-s' : '-i', ...headers, '-d', body, `${url}/api/v1/submissions`])
}

const sizes = ({ name, partitions, replication }: Topic): string[] => [
  '--topic',
  name,
  '--partitions',
  String(partitions),
  '--replication-factor',
  String(replication),
]

/** Deletes the topic and, unless `partitions` is 0, creates it with that many. */
export async function setTopic(engines: Engines, topic: Topic, partitions: number): Promise<void> {
  const kafka = ['--bootstrap-server', engines.broker]
  if (await partitionsOf(engines, topic.name))
    await ask(engines, 'kafka-topics.sh', [...kafka, '--delete', '--topic', topic.name])
  for (let tries = 0; tries < 50 && (await partitionsOf(engines, topic.name)) > 0; tries += 1) await sleep(100)
  if (partitions > 0) await ask(engines, 'kafka-topics.sh', [...kafka, '--create', ...sizes({ ...topic, partitions })])
}

export async function partitionsOf(engines: Engines, topic: string): Promise<number> {
  const said = await ask(engines, 'kafka-topics.sh', ['--bootstrap-server', engines.broker, '--describe'])
  const line = said.split('\n').find(one => one.startsWith(`Topic: ${topic}\t`))
  return Number(/PartitionCount: (\d+)/.exec(line ?? '')?.[1] ?? 0)
}

/** Whether every topic of the embedded platform has all its partitions. */
export async function topicsHold(place: Place): Promise<boolean> {
  const { topics: found } = await (
    await place.probe()
  ).operate<{ topics: { name: string; partitions: number }[] }>('kafka-topics/list', {})
  return topics.every(({ name, partitions }) =>
    found.some(topic => topic.name === name && topic.partitions === partitions),
  )
}

export const bringUp: Task = {
  id: 'bring-up',
  title: 'bring the platform up and verify it',
  empty: true,
  ours: {
    async run({ agent }) {
      await agent.call('find', {})
      await agent.change('platform-up/up')
      await agent.read('platform-verify/all')
    },
    holds: async ({ place }) => grades(place),
  },
  plain: {
    async run(world) {
      const { terminal, terse, place, startEngines } = world
      const engines = await startEngines()
      const kafka = ['--bootstrap-server', engines.broker]
      for (const topic of topics) await terminal.run(['kafka-topics.sh', ...kafka, '--create', ...sizes(topic)])
      await terminal.run(['kafka-topics.sh', ...kafka, '--describe'], terse ? { pipe: ['grep', '-c', 'Leader'] } : {})
      await terminal.run(
        ['kafka-metadata-quorum.sh', ...kafka, 'describe', '--status'],
        terse ? { pipe: ['grep', '-E', 'Leader|Voters'] } : {},
      )
      await terminal.run(
        ['redis-cli', '-p', engines.redis, 'cluster', 'info'],
        terse ? { pipe: ['head', '-n', '1'] } : {},
      )
      if (!terse) await terminal.run(['redis-cli', '-p', engines.redis, 'cluster', 'nodes'])
      await terminal.run(terse ? ['psql', '-Atc', 'select 1'] : ['psql', '-c', 'select version()'])
      const { url } = await place.start()
      terminal.typed(`nohup npm start -- --data ${place.data} > platform.out &`)
      await terminal.run(terse ? ['curl', '-s', `${url}/health/ready`] : ['curl', '-i', `${url}/health/ready`])
      await submitPlainly(world, url)
    },
    holds: async ({ place }) => grades(place),
  },
  note: 'ours measures 15 promises (`platform-verify/all`), the plain route that every engine answers and that one program is graded; its configuration files are there already and cost it nothing',
}

export const createTopics: Task = {
  id: 'topics',
  title: 'create the topic that is missing and check it',
  ours: {
    async given({ place }) {
      await place.damage(withoutPartitions(0))
      await place.up()
    },
    async run({ agent }) {
      await agent.call('find', {})
      await agent.read('kafka-topics/list')
      await agent.change('kafka-topics/create')
      await agent.read('kafka-topics/list')
    },
    holds: async ({ place }) => topicsHold(place),
  },
  plain: {
    async given({ engines }) {
      await setTopic(await engines(), deadLetterQueue, 0)
      await setTopic(await engines(), learningEvents, learningEvents.partitions)
    },
    async run({ terminal, terse, engines }) {
      const kafka = ['kafka-topics.sh', '--bootstrap-server', (await engines()).broker]
      await terminal.run([...kafka, terse ? '--list' : '--describe'])
      await terminal.run([
        ...kafka,
        '--create',
        ...sizes(deadLetterQueue),
        '--config',
        `retention.ms=${deadLetterQueue.retention_ms}`,
      ])
      await (terse
        ? terminal.run([...kafka, '--describe', '--topic', deadLetterQueue.name], { pipe: ['head', '-n', '1'] })
        : terminal.run([...kafka, '--describe']))
    },
    holds: async ({ engines }) =>
      (await partitionsOf(await engines(), deadLetterQueue.name)) === deadLetterQueue.partitions,
  },
}

const latencies = ['triage', 'state', 'grading', 'end-to-end'] as const

export const latency: Task = {
  id: 'latency',
  title: 'verify the latencies that are promised',
  ours: {
    given: async ({ place }) => place.up(),
    async run({ agent }) {
      await agent.call('find', {})
      for (const name of latencies) await agent.read(`latency-verify/${name}`)
    },
    holds: async ({ place }) => grades(place),
  },
  plain: {
    async given({ place, engines }) {
      await engines()
      await place.start()
    },
    async run(world) {
      const { place, terminal, terse, engines } = world
      const { url } = await place.probe()
      const timed = ['curl', '-s', '-o', '/dev/null', '-w', '%{time_total}\\n', '-H', 'content-type: application/json']
      // curl does not send the fragment, but its range makes curl repeat the call.
      await terminal.run([...timed, '-d', '{"text":"what is a list?"}', `${url}/api/v1/triage#[1-${terse ? 10 : 30}]`])
      const redis = [
        'redis-benchmark',
        '--cluster',
        '-p',
        (await engines()).redis,
        '-t',
        'get,set',
        '-n',
        '2000',
        '-c',
        '1',
      ]
      await terminal.run(terse ? [...redis, '--csv'] : redis)
      for (let at = 0; at < (terse ? 5 : 10); at += 1) {
        const headers = [`idempotency-key: ${randomUUID()}`, 'prefer: wait=20'].flatMap(header => ['-H', header])
        await terminal.run([
          ...timed,
          ...headers,
          '-d',
          JSON.stringify({ exercise_id: 'square', code: right }),
          `${url}/api/v1/submissions`,
        ])
      }
    },
    holds: async ({ place }) => grades(place),
  },
  note: 'ours repeats 30 routes, 500 reads and writes, 30 grades and 10 whole ways, and judges them; the plain route leaves percentiles to the reader and does not measure the whole way',
}
