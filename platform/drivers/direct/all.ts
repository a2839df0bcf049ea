import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import type { PlatformError } from '../../errors.ts'
import type { EventLog } from '../../ports/event-log.ts'
import type { History } from '../../ports/history.ts'
import type { StateStore } from '../../ports/state-store.ts'
import { kafkaLog } from './event-log.ts'
import { postgresHistory } from './history.ts'
import { redisState } from './state.ts'

/** The addresses in a setting: `host:port`, separated by commas. */
export const addressListOf = (text: string): string[] => text.split(',')

/** With `backups`, a folder, the rows are saved there before a migration. */
export const openPostgres = (config: Config, logger: Pick<Logger, 'warn'>, backups?: string): History =>
  postgresHistory({
    ...(backups === undefined ? {} : { backups }),
    url: config.LEARNFLOW_POSTGRES_URL,
    querySeconds: config.LEARNFLOW_DEPENDENCY_SECONDS,
    report: (error, what) => logger.warn({ err: error }, what),
  })

/** The drivers that connect to the engines directly. None connects before its first use. */
export function openDirect(
  config: Config,
  logger: Pick<Logger, 'warn'>,
  onBroken: (error: PlatformError) => void,
): { log: EventLog; state: StateStore } {
  const seconds = config.LEARNFLOW_DEPENDENCY_SECONDS
  return {
    log: kafkaLog({ brokers: addressListOf(config.LEARNFLOW_KAFKA_BROKERS), seconds, logger, onBroken }),
    state: redisState({
      nodes: addressListOf(config.LEARNFLOW_REDIS_NODES),
      seconds,
      report: (error, what) => logger.warn({ err: error }, what),
    }),
  }
}
