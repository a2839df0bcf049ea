import { deadLetterQueue, learningEvents } from '../../schemas/topics.ts'
import { diagnose, diagnosis } from './diagnose.ts'
import { ask } from './engines.ts'
import { student } from './place.ts'
import { deadLetters } from './task-dead-letters.ts'
import { removedAgent } from './task-removed-agent.ts'
import { partitionsOf, setTopic, topicsHold, withoutPartitions } from './topics.ts'
import type { Task } from './task.ts'

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
  'create table if not exists mastery (student_id text, module text, mastery double precision, level text, ' +
  'components jsonb, bank_version text, computed_at timestamptz)'
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
            `insert into mastery values ('${id}', '${module}', ${mastery}, '${level}', ` +
              `'${JSON.stringify(components)}', '1', now())`,
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

/** Faults in the data that the platform stores and passes on. */
export const dataRepairs: readonly Task[] = [deadLetters, smallTopic, lostState, removedAgent]
