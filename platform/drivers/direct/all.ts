import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import type { PlatformError } from '../../errors.ts'
import type { EventLog } from '../../ports/event-log.ts'
import type { History } from '../../ports/history.ts'
import type { SharedCounts } from '../../ports/shared-counts.ts'
import type { StateStore } from '../../ports/state-store.ts'
import { kafkaSecurity, redisSecurity } from './access.ts'
import { type ClusterPlace, redisCluster, rewriteFiles } from './cluster.ts'
import { kafkaLog } from './event-log.ts'
import { postgresHistory } from './history.ts'
import { redisState } from './state.ts'

/** The addresses in a setting: `host:port`, separated by commas. */
export const addressListOf = (text: string): string[] => text.split(',')

/** A request waits no longer than this to be counted. */
const countSeconds = 0.5

/** With `backups`, a folder, the rows are saved there before a migration. */
export const openPostgres = (config: Config, logger: Pick<Logger, 'warn'>, backups?: string): History =>
  postgresHistory({
    ...(backups === undefined ? {} : { backups }),
    url: config.LEARNFLOW_POSTGRES_URL,
    querySeconds: config.LEARNFLOW_DEPENDENCY_SECONDS,
    report: (error, what) => logger.warn({ err: error }, what),
  })

const redisOf = (config: Config, logger: Pick<Logger, 'warn'>): ClusterPlace => ({
  nodes: addressListOf(config.LEARNFLOW_REDIS_NODES),
  security: redisSecurity(config),
  seconds: config.LEARNFLOW_DEPENDENCY_SECONDS,
  report: (error, what) => logger.warn({ err: error }, what),
})

/** Takes what was deleted out of the files of Redis; returns why nodes refused. @throws DEPENDENCY_DOWN */
export const rewriteState = async (config: Config, logger: Pick<Logger, 'warn'>): Promise<string[]> =>
  rewriteFiles(redisOf(config, logger))

/** The drivers that connect to the engines directly. None connects before its first use. */
export function openDirect(
  config: Config,
  logger: Pick<Logger, 'warn'>,
  onBroken: (error: PlatformError) => void,
): { log: EventLog; state: StateStore } {
  const seconds = config.LEARNFLOW_DEPENDENCY_SECONDS
  return {
    log: kafkaLog({
      brokers: addressListOf(config.LEARNFLOW_KAFKA_BROKERS),
      security: kafkaSecurity(config),
      seconds,
      logger,
      onBroken,
    }),
    state: redisState(redisOf(config, logger)),
  }
}

/** Counts on the Redis Cluster, which it connects to at the first command. */
export function openCounts(config: Config, logger: Pick<Logger, 'debug'>): SharedCounts {
  const client = redisCluster(
    {
      nodes: addressListOf(config.LEARNFLOW_REDIS_NODES),
      security: redisSecurity(config),
      seconds: countSeconds,
      // Who counts says once that it cannot; a client without a server would say it several times a second.
      report: (error, what) => logger.debug({ err: error }, what),
    },
    { lazyConnect: true },
  )
  return { client, seconds: countSeconds, [Symbol.asyncDispose]: async () => client.disconnect() }
}
