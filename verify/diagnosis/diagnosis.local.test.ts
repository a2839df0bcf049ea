import { expect, test } from 'vitest'
import { onEngines } from '../../platform/engines/test-local.ts'
import { operateHere } from '../../skills/registry.ts'
import { scoreDiagnosis } from './run.ts'

const maxMs = 1_500_000

onEngines(() => {
  test('of every known fault the root cause is named, and what is advised mends it', { timeout: maxMs }, async () => {
    const result = await scoreDiagnosis([], line => console.log(line), operateHere)
    expect(result.failures).toEqual([])
    expect(result.ok, result.total).toBe(true)
  })
})
