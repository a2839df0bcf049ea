import { expect, test } from 'vitest'
import { onEngines } from '../platform/engines/test-local.ts'
import { order } from './order.ts'

onEngines(() => {
  test(
    "a student's events are handled once and in order while members join, leave and are killed",
    { timeout: 900_000 },
    async () => {
      const { figures, ok } = await order.run(console.log, true)
      expect([ok, figures]).toEqual([true, figures])
    },
  )
})
