import { describe, expect, test } from 'vitest'
import type { Open } from './sandbox.ts'

/** The contract of waiting for an interpreter: fair turns by owner, up to the limit. */
export function queueContract(driver: string, open: Open): void {
  describe(`${driver}: the queue`, () => {
    test('takes fifty at once, and owners in turn', async () => {
      await using sandbox = await open({ processes: 1 })
      const ended: string[] = []
      const job = async (owner: string, n: number) => {
        const { stdout } = await sandbox.run({ code: `print(${n})`, owner })
        ended.push(owner)
        return stdout
      }
      const many = Array.from({ length: 49 }, async (_, n) => job('greedy', n))
      const one = job('patient', 49)
      expect(await Promise.all([...many, one])).toEqual(Array.from({ length: 50 }, (_, n) => `${n}\n`))
      expect(ended.indexOf('patient')).toBeLessThan(5)
      expect(sandbox.health()).toMatchObject({ queued: 0, busy: 0, processes: 1 })
    })

    test('refuses what is over its limit', async () => {
      await using sandbox = await open({ processes: 1, queueLimit: 2 })
      await sandbox.run({ code: 'pass' })
      const results = await Promise.allSettled(Array.from({ length: 5 }, async () => sandbox.run({ code: 'pass' })))
      expect(results.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'fulfilled',
        'rejected',
        'rejected',
      ])
      expect(results.at(-1)).toMatchObject({ reason: { code: 'TOO_MANY_REQUESTS' } })
    })

    test('is answered when the sandbox is closed while it waits', async () => {
      const sandbox = await open({ processes: 1 })
      const runs = Promise.allSettled([sandbox.run({ code: 'while True: pass' }), sandbox.run({ code: 'pass' })])
      await sandbox[Symbol.asyncDispose]()
      expect(await runs).toMatchObject([
        { reason: { code: 'SANDBOX_CRASHED' } },
        { reason: { code: 'SANDBOX_CRASHED' } },
      ])
      await expect(sandbox.run({ code: 'pass' })).rejects.toMatchObject({ code: 'SANDBOX_CRASHED' })
    })
  })
}
