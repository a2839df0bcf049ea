import { expect, test } from 'vitest'
import { onEngines } from '../platform/engines/test-local.ts'
import { order } from './order.ts'

onEngines(() => {
  test('events of each student are taken once and in their order while members of the group join, leave and are killed', async () => {
    const { figures, ok } = await order.run(console.log, true)
    expect([ok, figures]).toEqual([true, figures])
  })
})
