import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { deadLetterQueue, learningEvents } from '../../schemas/topics.ts'
import { diagnose, diagnosis } from './diagnose.ts'
import { ask } from './engines.ts'
import { type Place, student } from './place.ts'
import { partitionsOf, setTopic, topicsHold, withoutPartitions } from './tasks-operate.ts'
import type { OurWorld, Task } from './task.ts'

/** An outage that is over: storing a grade fails five times, the maximum of tries for an item, and then works again. */
const outage = [
  'create sequence fault_count',
  `create function fault_outage() returns trigger language plpgsql as $$ begin
     if nextval('fault_count') <= 5 then raise exception 'could not extend file: No space left on device'; end if; return new; end $$`,
  'create trigger fault before insert on grade for each row execute function fault_outage()',
]

let handedIn = ''
const graded = async (place: Place): Promise<boolean> =>
  (await (await place.probe()).client({ student }).ended(handedIn)).grade?.verdict === 'passed'

const deadLetters: Task = {
  id: 'dead-letters',
  title: 'repair: dead letters after an outage',
  ours: {
    async given({ place }) {
      await place.damage(outage)
      await place.up()
      handedIn = await place.submit()
      await (await place.probe()).client({ student }).ended(handedIn, 60_000)
    },
    async run({ agent }) {
      await diagnose(agent)
      await agent.change('kafka-topics/replay')
      await agent.read(diagnosis)
    },
    holds: async ({ place }) => graded(place),
  },
  plain: {
    async given({ place, engines }) {
      await deadLetters.ours.given?.({ place } as OurWorld)
      const started = await engines()
      const { letters } = await (
        await place.probe()
      ).operate<{ letters: { key: string }[] }>('kafka-topics/dead-letters', {})
      await setTopic(started, learningEvents, learningEvents.partitions)
      await setTopic(started, deadLetterQueue, deadLetterQueue.partitions)
      const lines = letters.map(letter => `${letter.key}\t${JSON.stringify(letter)}`).join('\n')
      await ask(
        started,
        'kafka-console-producer.sh',
        [...producing(started.broker, deadLetterQueue.name)],
        `${lines}\n`,
      )
    },
    async run({ terminal, terse, engines }) {
      const { broker } = await engines()
      const kafka = ['--bootstrap-server', broker]
      const read = [...kafka, '--topic', deadLetterQueue.name, '--from-beginning', '--timeout-ms', '4000']
      if (!terse) await terminal.run(['kafka-topics.sh', ...kafka, '--describe'])
      const said = await terminal.run([
        'kafka-console-consumer.sh',
        ...read,
        ...(terse ? ['--max-messages', '1'] : ['--property', 'print.key=true']),
      ])
      const letter = JSON.parse(/\{.*\}/.exec(said)?.[0] ?? '{}') as { key: string; value: string }
      await terminal.run(['kafka-console-producer.sh', ...producing(broker, learningEvents.name)], {
        stdin: `${letter.key}\t${letter.value}`,
      })
      await terminal.run([
        'kafka-console-consumer.sh',
        ...kafka,
        '--topic',
        learningEvents.name,
        '--from-beginning',
        '--timeout-ms',
        '4000',
      ])
    },
    holds: async ({ engines }) => {
      const { broker } = await engines()
      const args = [
        '--bootstrap-server',
        broker,
        '--topic',
        learningEvents.name,
        '--from-beginning',
        '--timeout-ms',
        '4000',
      ]
      return (await ask(await engines(), 'kafka-console-consumer.sh', args)).includes('submission.received')
    },
  },
  note: 'the plain route puts the letter back on the topic of a real Kafka; whether an agent then grades it is not measured there',
}

const producing = (broker: string, topic: string): string[] => [
  '--bootstrap-server',
  broker,
  '--topic',
  topic,
  '--property',
  'parse.key=true',
]

const smallTopic: Task = {
  id: 'small-topic',
  title: 'repair: a topic lacks partitions',
  ours: {
    async given({ place }) {
      await place.damage(withoutPartitions(3))
      await place.up()
    },
    async run({ agent }) {
      await diagnose(agent)
      await agent.change('kafka-topics/create')
      await agent.read(diagnosis)
    },
    holds: async ({ place }) => topicsHold(place),
  },
  plain: {
    async given({ engines }) {
      await setTopic(await engines(), learningEvents, learningEvents.partitions)
      await setTopic(await engines(), deadLetterQueue, 3)
    },
    async run({ terminal, terse, engines }) {
      const kafka = ['kafka-topics.sh', '--bootstrap-server', (await engines()).broker]
      const look = async (): Promise<string> =>
        terminal.run([...kafka, '--describe'], terse ? { pipe: ['grep', 'PartitionCount'] } : {})
      await look()
      await terminal.run([
        ...kafka,
        '--alter',
        '--topic',
        deadLetterQueue.name,
        '--partitions',
        String(deadLetterQueue.partitions),
      ])
      await look()
    },
    holds: async ({ engines }) =>
      (await partitionsOf(await engines(), deadLetterQueue.name)) === deadLetterQueue.partitions,
  },
}

const masteryTable =
  'create table if not exists mastery (student_id text, module text, mastery double precision, level text, components jsonb, bank_version text, computed_at timestamptz)'
const keyOf = (id: string): string => `student:{${id}}:mastery:latest:basics`

const lostState: Task = {
  id: 'lost-state',
  title: 'repair: the state was lost',
  ours: {
    async given({ place }) {
      await place.damage(['delete from state_entry'])
      await place.up()
    },
    async run({ agent }) {
      await diagnose(agent)
      await agent.change('state-store/rebuild')
      await agent.read(diagnosis)
    },
    async holds({ place }) {
      const { modules } = await (await place.probe()).client({ student }).mastery(student)
      return modules.some(({ source, mastery }) => source === 'state' && mastery > 0)
    },
  },
  plain: {
    async given({ place, engines }) {
      await place.up()
      const started = await engines()
      await ask(started, 'psql', ['-qc', masteryTable])
      await ask(started, 'psql', ['-qc', 'truncate mastery'])
      const probe = await place.probe()
      for (const id of ['ann', 'ben', 'cleo']) {
        const { modules } = await probe.client({ student: id }).mastery(id)
        for (const { module, mastery, level, components } of modules.filter(one => one.mastery > 0))
          await ask(started, 'psql', [
            '-qc',
            `insert into mastery values ('${id}', '${module}', ${mastery}, '${level}', '${JSON.stringify(components)}', '1', now())`,
          ])
        await ask(started, 'redis-cli', ['-c', '-p', started.redis, 'del', keyOf(id)])
      }
    },
    async run({ terminal, terse, engines }) {
      const redis = ['redis-cli', '-c', '-p', (await engines()).redis]
      await terminal.run([...redis, 'get', keyOf('ann')])
      await terminal.run(
        terse
          ? ['psql', '-Atc', 'select student_id, module, mastery, level from mastery']
          : ['psql', '-c', 'select * from mastery'],
      )
      const rows = await ask(await engines(), 'psql', [
        '-Atc',
        'select student_id, to_jsonb(one) - $$student_id$$ from mastery one',
      ])
      for (const [id = '', value = ''] of rows.split('\n').map(row => row.split(/\|(.*)/s)))
        await terminal.run([...redis, 'set', keyOf(id), value])
      await terminal.run([...redis, 'get', keyOf('ann')])
    },
    holds: async ({ engines }) =>
      (await ask(await engines(), 'redis-cli', ['-c', '-p', (await engines()).redis, 'get', keyOf('ann')])).includes(
        'mastery',
      ),
  },
  note: 'three students; the plain route grows with their number, ours does not',
}

const removedAgent: Task = {
  id: 'removed-agent',
  title: 'repair: work waits for an agent that was removed',
  ours: {
    async given({ place }) {
      await place.up()
      await place.operate('tutoring-agents', 'remove', 'exercise')
      handedIn = await place.submit()
      await sleep(1_000)
    },
    async run({ agent }) {
      await diagnose(agent)
      await agent.call('find', { words: 'tutoring-agents/deploy' })
      await agent.change('tutoring-agents/deploy', { name: 'exercise' })
      await agent.read(diagnosis)
    },
    holds: async ({ place }) => graded(place),
  },
  plain: {
    async given({ engines }) {
      const started = await engines()
      await setTopic(started, learningEvents, learningEvents.partitions)
      const reading = [
        '--bootstrap-server',
        started.broker,
        '--topic',
        learningEvents.name,
        '--group',
        'exercise',
        '--timeout-ms',
        '6000',
      ]
      await ask(
        started,
        'kafka-console-producer.sh',
        producing(started.broker, learningEvents.name),
        'ann\t{"type":"submission.received"}\n',
      )
      await ask(started, 'kafka-console-consumer.sh', [...reading, '--from-beginning', '--max-messages', '1'])
      await ask(
        started,
        'kafka-console-producer.sh',
        producing(started.broker, learningEvents.name),
        'ann\t{"type":"submission.received"}\n',
      )
    },
    async run({ terminal, terse, engines }) {
      const started = await engines()
      const groups = [
        'kafka-consumer-groups.sh',
        '--bootstrap-server',
        started.broker,
        '--describe',
        '--group',
        'exercise',
      ]
      if (!terse) await terminal.run([...groups, '--members'])
      await terminal.run(groups, terse ? { pipe: ['awk', '$6>0'] } : {})
      const [command = '', ...first] = started.programs['kafka-console-consumer.sh'] ?? []
      const worker = execa(
        command,
        [...first, '--bootstrap-server', started.broker, '--topic', learningEvents.name, '--group', 'exercise'],
        {
          reject: false,
          stdout: 'ignore',
          stderr: 'ignore',
        },
      )
      terminal.typed('nohup learnflow worker exercise > exercise.out &')
      await sleep(8_000)
      await terminal.run(groups, terse ? { pipe: ['awk', '$6>0'] } : {})
      worker.kill()
      await worker
    },
    holds: async ({ engines }) => {
      const started = await engines()
      const said = await ask(started, 'kafka-consumer-groups.sh', [
        '--bootstrap-server',
        started.broker,
        '--describe',
        '--group',
        'exercise',
      ])
      const lags = [...said.matchAll(/^exercise\s+\S+\s+\d+\s+\d+\s+\d+\s+(\d+)/gm)].map(([, lag]) => Number(lag))
      return lags.length > 0 && lags.every(lag => lag === 0)
    },
  },
  note: "on the plain side Kafka's console consumer takes the place of the agent",
}

/** Faults in the data that the platform stores and passes on. */
export const dataRepairs: readonly Task[] = [deadLetters, smallTopic, lostState, removedAgent]
