import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { learningEvents } from '../../schemas/topics.ts'
import { consuming, isGraded, producing } from './console.ts'
import { diagnose, diagnosis } from './diagnose.ts'
import { ask } from './engines.ts'
import { setTopic } from './topics.ts'
import type { Task } from './task.ts'

const describing = (broker: string): string[] => ['--bootstrap-server', broker, '--describe', '--group', 'exercise']

let handedIn = ''

export const removedAgent: Task = {
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
    holds: async ({ place }) => isGraded(place, handedIn),
  },
  plain: {
    async given({ engines }) {
      const started = await engines()
      await setTopic(started, learningEvents, learningEvents.partitions)
      const produce = async () =>
        ask(
          started,
          'kafka-console-producer.sh',
          producing(started.broker, learningEvents.name),
          'ann\t{"type":"submission.received"}\n',
        )
      const reading = [...consuming(started.broker, learningEvents.name, 6_000), '--group', 'exercise']
      await produce()
      await ask(started, 'kafka-console-consumer.sh', [...reading, '--from-beginning', '--max-messages', '1'])
      await produce()
    },
    async run({ terminal, terse, engines }) {
      const started = await engines()
      const groups = ['kafka-consumer-groups.sh', ...describing(started.broker)]
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
      const output = await ask(started, 'kafka-consumer-groups.sh', describing(started.broker))
      const lags = [...output.matchAll(/^exercise\s+\S+\s+\d+\s+\d+\s+\d+\s+(\d+)/gm)].map(([, lag]) => Number(lag))
      return lags.length > 0 && lags.every(lag => lag === 0)
    },
  },
  note: "on the plain side Kafka's console consumer takes the place of the agent",
}
