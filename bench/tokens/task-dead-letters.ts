import { deadLetterQueue, learningEvents } from '../../schemas/topics.ts'
import { consuming, isGraded, producing } from './console.ts'
import { diagnose, diagnosis } from './diagnose.ts'
import { ask } from './engines.ts'
import { student } from './place.ts'
import { setTopic } from './topics.ts'
import type { OurWorld, Task } from './task.ts'

/** An outage that is over: storing a grade fails five times, the maximum of tries for an item, and then works again. */
const outage = [
  'create sequence fault_count',
  `create function fault_outage() returns trigger language plpgsql as $$ begin
     if nextval('fault_count') <= 5 then raise exception 'could not extend file: No space left on device';
     end if; return new; end $$`,
  'create trigger fault before insert on grade for each row execute function fault_outage()',
]

let handedIn = ''

export const deadLetters: Task = {
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
    holds: async ({ place }) => isGraded(place, handedIn),
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
      await ask(started, 'kafka-console-producer.sh', producing(started.broker, deadLetterQueue.name), `${lines}\n`)
    },
    async run({ terminal, terse, engines }) {
      const { broker } = await engines()
      const read = [...consuming(broker, deadLetterQueue.name, 4_000), '--from-beginning']
      if (!terse) await terminal.run(['kafka-topics.sh', '--bootstrap-server', broker, '--describe'])
      const output = await terminal.run([
        'kafka-console-consumer.sh',
        ...read,
        ...(terse ? ['--max-messages', '1'] : ['--property', 'print.key=true']),
      ])
      const letter = JSON.parse(/\{.*\}/.exec(output)?.[0] ?? '{}') as { key: string; value: string }
      await terminal.run(['kafka-console-producer.sh', ...producing(broker, learningEvents.name)], {
        stdin: `${letter.key}\t${letter.value}`,
      })
      await terminal.run([
        'kafka-console-consumer.sh',
        ...consuming(broker, learningEvents.name, 4_000),
        '--from-beginning',
      ])
    },
    holds: async ({ engines }) => {
      const { broker } = await engines()
      const args = [...consuming(broker, learningEvents.name, 4_000), '--from-beginning']
      return (await ask(await engines(), 'kafka-console-consumer.sh', args)).includes('submission.received')
    },
  },
  note:
    'the plain route puts the letter back on the topic of a real Kafka; whether an agent then grades it is not ' +
    'measured there',
}
