import { agentScenarios } from './agents.ts'
import { kafkaScenarios } from './kafka.ts'
import { postgresScenarios } from './postgres.ts'
import { processScenarios } from './processes.ts'
import { redisScenarios } from './redis.ts'
import type { Scenario } from '../scenario.ts'

const single: readonly Scenario[] = [
  ...kafkaScenarios,
  ...postgresScenarios,
  ...redisScenarios,
  ...processScenarios,
  ...agentScenarios,
]

/** Two faults at once, which must both be named and mended. */
function together(one: string, other: string): Scenario {
  const both = single.filter(({ id }) => id === one || id === other)
  return {
    id: `both.${one}+${other}`,
    after: 'SREGym concurrent_failures',
    roots: both.flatMap(({ roots }) => roots),
    async strike(platform, undo) {
      for (const scenario of both) await scenario.strike(platform, undo)
    },
  }
}

export const togetherScenarios: readonly Scenario[] = [
  together('kafka.retention', 'process.exercise-1-hangs'),
  together('kafka.broker-hangs', 'dapr.component-missing'),
  together('redis.memory-limit', 'kafka.poison-record'),
  together('redis.node-hangs', 'postgres.locked-submission'),
]
