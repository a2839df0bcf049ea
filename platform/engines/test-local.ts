import { describe, inject } from 'vitest'
import type { SharedEngines } from './test-setup.ts'

/** A suite on the shared engines; where they are not installed it is skipped, and its name lists what is missing. */
export function onEngines(define: (engines: SharedEngines) => void): void {
  const engines = inject('engines')
  const absent = engines.missing.length > 0
  describe.skipIf(absent)(absent ? `needs ${engines.missing.join(', ')}` : 'on real engines', () => define(engines))
}
