import type { TestProject } from 'vitest/node'
import { findEngines } from './find.ts'
import { ownKafka, ownPostgres, ownRedis } from './test-engines.ts'

export interface SharedEngines {
  kafka: string[]
  redis: string[]
  postgres: string
  /** What is not installed, each with its install command; then nothing was started. */
  missing: string[]
}

declare module 'vitest' {
  interface ProvidedContext {
    engines: SharedEngines
  }
}

/** Starts the engines once for all `*.local.test.ts`, and stops them after the last. */
export async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const missing = (await findEngines()).filter(({ path }) => path === undefined)
  if (missing.length > 0) {
    provide('engines', {
      kafka: [],
      redis: [],
      postgres: '',
      missing: missing.map(({ name, install }) => `${name} (${install})`),
    })
    return undefined
  }
  await using stack = new AsyncDisposableStack()
  const starts = await Promise.allSettled([ownKafka(), ownRedis(1), ownPostgres()])
  for (const start of starts) if (start.status === 'fulfilled') stack.use(start.value)
  const [kafka, redis, postgres] = starts.map(start => {
    if (start.status === 'rejected') throw start.reason
    return start.value
  })
  provide('engines', {
    kafka: kafka?.addresses ?? [],
    redis: redis?.addresses ?? [],
    postgres: postgres?.addresses[0] ?? '',
    missing: [],
  })
  const started = stack.move()
  return async () => started.disposeAsync()
}
