import { expect, test } from 'vitest'
import { embeddedState } from '../../platform/drivers/embedded/state.ts'
import { openMigrated } from '../../platform/drivers/embedded/test-engine.ts'
import { judged } from './measure.ts'
import state from './scripts/state.ts'

const limits = (measured: number) => [{ name: 'read p95', measured, limit: 5 }]

test('state says at which rates and without what it measured, and never that this is what was promised', async () => {
  await using history = await openMigrated()
  const given = { count: 10, per_second: 50 }
  const { signal } = new AbortController()
  const measuring = state.run(given, { state: embeddedState(history), signal } as never)
  // On a busy machine it misses a limit.
  const said = await measuring.then(
    ({ summary }) => summary,
    (error: unknown) => String(error),
  )
  expect(said).toMatch(/\d+ reads, \d+ writes a second without a sidecar/)
  expect(said).not.toContain('as promised')
})

test('what is above its limit is no success, whatever it is called', () => {
  expect(judged('read', {}, limits(4)).summary).toBe('read ms, as promised')
  expect(judged('read', {}, limits(4), 'below 5').summary).toBe('read ms, below 5')
  expect(() => judged('read', {}, limits(6), 'below 5')).toThrow('read p95 is 6.0 ms')
})
