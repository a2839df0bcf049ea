import { agentScenarios } from './agents.ts'
import { healthyScenarios } from './healthy.ts'
import { kafkaScenarios } from './kafka.ts'
import { postgresScenarios } from './postgres.ts'
import { processScenarios } from './processes.ts'
import { redisScenarios } from './redis.ts'
import { togetherScenarios } from './together.ts'

/** Every scenario, the healthy platform first. */
export const scenarios = [
  ...healthyScenarios,
  ...kafkaScenarios,
  ...postgresScenarios,
  ...redisScenarios,
  ...processScenarios,
  ...agentScenarios,
  ...togetherScenarios,
] as const
