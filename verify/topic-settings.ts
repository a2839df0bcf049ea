import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs, { type Admin, Kafka, logLevel } from 'kafkajs'
import type { Topic } from '../schemas/topics.ts'
import type { LocalTestPlatform } from './test-platform-local.ts'

// Node does not find it among the named exports of a CommonJS module.
const { ConfigResourceTypes } = kafkajs

/** The time that a broker may need to learn of a change. */
const spreadMs = 1_000

/** Changes to topics that an operator can make by mistake, which the port does not offer. */
export function topicSettings({ kafka: nodes }: LocalTestPlatform['topology']) {
  const kafka = new Kafka({
    clientId: 'learnflow-verify',
    brokers: nodes.map(({ port }) => `127.0.0.1:${port}`),
    logLevel: logLevel.NOTHING,
  })
  const asAdmin = async (work: (admin: Admin) => Promise<unknown>): Promise<void> => {
    const admin = kafka.admin()
    await admin.connect()
    try {
      await work(admin)
    } finally {
      await admin.disconnect()
    }
  }
  return {
    /** Sets the topic's required settings together with `others`; resolves when every broker knows them. */
    change: async (
      { name, min_insync_replicas, retention_ms, segment_ms }: Topic,
      others: Readonly<Record<string, number>>,
    ): Promise<void> =>
      asAdmin(async admin => {
        const own = {
          'min.insync.replicas': min_insync_replicas,
          'retention.ms': retention_ms,
          'segment.ms': segment_ms,
        }
        const all = { ...own, ...others }
        const configEntries = Object.entries(all).map(([entry, value]) => ({ name: entry, value: String(value) }))
        await admin.alterConfigs({
          validateOnly: false,
          resources: [{ type: ConfigResourceTypes.TOPIC, name, configEntries }],
        })
        await sleep(spreadMs)
      }),
    /** Sets a group without members past everything that is in the topic. */
    toEnd: async ({ name }: Topic, groupId: string): Promise<void> =>
      asAdmin(async admin => {
        const ends = await admin.fetchTopicOffsets(name)
        const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }))
        await admin.setOffsets({ groupId, topic: name, partitions })
      }),
    /** Creates the topic with a new client, which has no cached data on an earlier topic of that name. */
    make: async ({ name, partitions, replication }: Topic): Promise<void> =>
      asAdmin(async admin =>
        admin.createTopics({
          topics: [{ topic: name, numPartitions: partitions, replicationFactor: replication }],
          waitForLeaders: true,
        }),
      ),
    /** Deletes the topic with all its records; resolves when every broker knows it. */
    drop: async ({ name }: Topic): Promise<void> =>
      asAdmin(async admin => {
        await admin.deleteTopics({ topics: [name] })
        while ((await admin.listTopics()).includes(name)) await sleep(spreadMs)
        await sleep(spreadMs)
      }),
  }
}
