import { setTimeout as sleep } from 'node:timers/promises'
import { type Topic, topics } from '../../schemas/topics.ts'
import { ask, type Engines } from './engines.ts'
import type { Place } from './place.ts'

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
     if new.partition >= ${from} and exists (select 1 from fault_seen where id = pg_current_xact_id())
       then return null; end if;
     return new; end $$`,
  'create trigger fault before insert on log_partition for each row execute function fault_once()',
]

/** Arguments of Kafka's `kafka-topics.sh` for a topic of this size. */
export const sizes = ({ name, partitions, replication }: Topic): string[] => [
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
  const output = await ask(engines, 'kafka-topics.sh', ['--bootstrap-server', engines.broker, '--describe'])
  const line = output.split('\n').find(one => one.startsWith(`Topic: ${topic}\t`))
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
