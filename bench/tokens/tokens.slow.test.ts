import { expect, test } from 'vitest'
import { tokens } from './bench.ts'
import { bareFor, gate } from './gate.ts'

test('a coding agent that knows nothing brings the platform up and verifies it within its tokens', async () => {
  const { figures, ok } = await tokens.run(() => {}, true)
  expect(ok).toBe(true)
  expect(figures['bring_up_calls_results']).toBeLessThanOrEqual(bareFor(figures['bring_up_calls'] ?? 0))
  expect(figures['bring_up_all']).toBeLessThanOrEqual(gate.withIntroduction)
})
