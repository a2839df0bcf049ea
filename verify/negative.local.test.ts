import { expect, test } from 'vitest'
import { onEngines } from '../platform/engines/test-local.ts'
import { operateHere } from '../skills/registry.ts'
import { negatives } from './negative.ts'

const maxMs = 1_800_000

onEngines(() => {
  test(
    'on real engines every check notices its fault, and what breaks under load loses, doubles and reorders nothing',
    { timeout: maxMs },
    async () => {
      const tell = (line: string): void => console.log(line)
      const { lines } = await negatives.local({ select: [], quick: true }, tell, operateHere)
      // LATE is allowed here, because speed cannot be judged on a busy machine; `learnflow verify --negative` does not
      // allow it.
      expect(lines.filter(line => !/^(caught|held|LATE) /.test(line)).join(' | ')).toBe('')
      expect(lines.filter(line => line.startsWith('caught')).length).toBeGreaterThanOrEqual(15)
    },
  )
})
