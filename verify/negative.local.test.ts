import { expect, test } from 'vitest'
import { onEngines } from '../platform/engines/test-local.ts'
import { operateHere } from '../skills/registry.ts'
import { verifyNegativeLocal } from './negative.ts'

const mostMs = 900_000

onEngines(() => {
  test('on real engines every check notices its fault, and what breaks under load loses, doubles and reorders nothing', { timeout: mostMs }, async () => {
    const tell = (line: string): void => console.log(line)
    const { lines } = await verifyNegativeLocal({ select: [], quick: true }, tell, operateHere)
    expect(lines.filter(line => !/^(caught|held) /.test(line))).toEqual([])
    expect(lines.filter(line => line.startsWith('caught')).length).toBeGreaterThanOrEqual(15)
  })
})
