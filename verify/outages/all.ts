import type { Outage } from '../outage.ts'
import { deadLetterOutages } from './dead-letters.ts'
import { kafkaOutages } from './kafka.ts'
import { lostTopicOutages } from './lost-topic.ts'
import { postgresOutages } from './postgres.ts'
import { redisOutages } from './redis.ts'
import { restartOutages } from './restart.ts'
import { sidecarOutages } from './sidecar.ts'
import { startOutages } from './start.ts'
import { supervisionOutages } from './supervision.ts'
import { workerOutages } from './workers.ts'

/** Every outage. */
export const outages: readonly Outage[] = [
  ...deadLetterOutages,
  ...kafkaOutages,
  ...lostTopicOutages,
  ...redisOutages,
  ...workerOutages,
  ...sidecarOutages,
  ...postgresOutages,
  ...startOutages,
  ...restartOutages,
  ...supervisionOutages,
]
