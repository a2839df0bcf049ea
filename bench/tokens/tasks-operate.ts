import { randomUUID } from 'node:crypto'
import { deadLetterQueue, learningEvents, topics } from '../../schemas/topics.ts'
import { grades, right } from './place.ts'
import type { PlainWorld, Task } from './task.ts'
import { partitionsOf, setTopic, sizes, topicsHold, withoutPartitions } from './topics.ts'

/** Submits a right program with curl and waits for its grade. The token is in curl's settings, so it is not typed. */
export async function submitPlainly({ terminal, terse }: PlainWorld, url: string): Promise<void> {
  const headers = ['content-type: application/json', `idempotency-key: ${randomUUID()}`, 'prefer: wait=20'].flatMap(
    header => ['-H', header],
  )
  const body = JSON.stringify({ exercise_id: 'square', code: right })
  await terminal.run(['curl', terse ? '-s' : '-i', ...headers, '-d', body, `${url}/api/v1/submissions`])
}

export const bringUp: Task = {
  id: 'bring-up',
  title: 'bring the platform up and verify it',
  empty: true,
  ours: {
    async run({ agent }) {
      await agent.call('find', {})
      await agent.change('platform-up/up')
      await agent.change('platform-verify/all')
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
  note:
    'ours measures 15 promises (`platform-verify/all`), the plain route that every engine answers and that one ' +
    'program is graded; its configuration files are there already and cost it nothing',
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

const written = ['state', 'grading', 'end-to-end']

export const latency: Task = {
  id: 'latency',
  title: 'verify the latencies that are promised',
  ours: {
    given: async ({ place }) => place.up(),
    async run({ agent }) {
      await agent.call('find', {})
      await agent.read('latency-verify/triage')
      for (const name of written) await agent.change(`latency-verify/${name}`)
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
  note:
    'ours repeats 30 routes, 500 reads and writes, 30 grades and 10 whole ways, and judges them; the plain ' +
    'route leaves percentiles to the reader and does not measure the whole way',
}
