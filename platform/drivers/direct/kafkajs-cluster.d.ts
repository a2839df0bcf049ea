// Internals of kafkajs that it does not export: one fetch without a consumer group, one commit without a member, and
// its timers. Its version is pinned, and no more releases are expected.

declare module 'kafkajs/src/cluster/index.js' {
  import type { ISocketFactory, KafkaConfig, Logger, RetryOptions } from 'kafkajs'

  interface Broker {
    fetch(request: {
      maxWaitTime: number
      minBytes: number
      maxBytes: number
      isolationLevel: 0 | 1
      topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[]
    }): Promise<{
      responses: {
        partitions: {
          messages: { offset: string; key: Buffer | null; value: Buffer | null; isControlRecord: boolean }[]
        }[]
      }[]
    }>
    offsetCommit(request: {
      groupId: string
      groupGenerationId: number
      memberId: string
      topics: { topic: string; partitions: { partition: number; offset: string }[] }[]
    }): Promise<unknown>
  }

  /** A connection to a cluster and its metadata. */
  class Cluster {
    constructor(options: {
      brokers: string[]
      ssl?: KafkaConfig['ssl']
      sasl?: KafkaConfig['sasl']
      clientId: string
      logger: Logger
      socketFactory: ISocketFactory
      connectionTimeout: number
      requestTimeout: number
      enforceRequestTimeout: boolean
      metadataMaxAge: number
      allowAutoTopicCreation: boolean
      retry: RetryOptions
    })
    isConnected(): boolean
    connect(): Promise<void>
    disconnect(): Promise<void>
    refreshMetadata(): Promise<void>
    addTargetTopic(topic: string): Promise<void>
    /** The partitions by the node that leads them. */
    findLeaderForPartitions(topic: string, partitions: number[]): Record<string, number[]>
    findBroker(options: { nodeId: string }): Promise<Broker>
    findGroupCoordinator(options: { groupId: string }): Promise<Broker>
  }
  export default Cluster
}

declare module 'kafkajs/src/network/socketFactory.js' {
  import type { ISocketFactory } from 'kafkajs'

  export default function socketFactory(): ISocketFactory
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  /** The requests of one connection. */
  export default class RequestQueue {
    pending: readonly unknown[]
    scheduleCheckPendingRequests(): void
  }
}
