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

    test('refuses free runs over its limit, and graded work never', async () => {
      await using sandbox = await open({ processes: 1, queueLimit: 2 })
      await sandbox.run({ code: 'pass' })
      const run = async (purpose: 'free' | 'grading') => sandbox.run({ code: 'pass', purpose })
      const purposes = ['free', 'free', 'free', 'free', 'free', 'grading', 'grading', 'grading'] as const
      const results = await Promise.allSettled(purposes.map(run))
      expect(results.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'fulfilled',
        'rejected',
        'rejected',
        'fulfilled',
        'fulfilled',
        'fulfilled',
      ])
      expect(results[4]).toMatchObject({ reason: { code: 'TOO_MANY_REQUESTS' } })
    })

    test('refuses the free runs of one owner who has enough open, and no other', async () => {
      await using sandbox = await open({ processes: 1, runsPerOwner: 3 })
      const run = async (owner: string) => sandbox.run({ code: 'print(1)', purpose: 'free', owner })
      const flood = Promise.allSettled(Array.from({ length: 20 }, async () => run('greedy')))
      expect(await run('patient')).toMatchObject({ stdout: '1\n' })
      const refused = (await flood).filter(({ status }) => status === 'rejected')
      expect(refused).toHaveLength(17)
      expect(refused[0]).toMatchObject({ reason: { code: 'TOO_MANY_REQUESTS' } })
      expect(await run('greedy')).toMatchObject({ stdout: '1\n' })
    })

    test('serves graded work before free runs, and these now and then', async () => {
      await using sandbox = await open({ processes: 1 })
      const ended: string[] = []
      const run = async (purpose: 'free' | 'grading', owner: string) => {
        await sandbox.run({ code: 'pass', purpose, owner })
        ended.push(purpose)
      }
      const first = sandbox.run({ code: 'pass' })
      const free = Array.from({ length: 10 }, async (_, at) => run('free', `free ${at}`))
      const graded = Array.from({ length: 10 }, async (_, at) => run('grading', `graded ${at}`))
      await Promise.all([first, ...free, ...graded])
      expect(ended.slice(0, 3)).not.toContain('free')
      expect(ended.slice(0, 12).filter(one => one === 'free')).toHaveLength(2)
    })

    test('keeps a process for graded work while programs that never end take the others', async () => {
      await using sandbox = await open({ processes: 2 })
      const left = new AbortController()
      const loop = { code: 'while True: pass', seconds: 30, purpose: 'free', signal: left.signal } as const
      const loops = Promise.allSettled(
        Array.from({ length: 3 }, async (_, at) => sandbox.run({ ...loop, owner: `${at}` })),
      )
      expect(await sandbox.run({ code: 'print(1)', owner: 'patient' })).toMatchObject({ stdout: '1\n' })
      expect(sandbox.health()).toMatchObject({ queued: 2 })
      left.abort(new Error('left'))
      expect(await loops).toMatchObject(Array.from({ length: 3 }, () => ({ reason: { message: 'left' } })))
    })

    test('drops what nobody waits for any more, running or not', async () => {
      await using sandbox = await open({ processes: 1 })
      const left = new AbortController()
      const loop = { code: 'while True: pass', seconds: 30, signal: left.signal }
      const loops = Promise.allSettled([sandbox.run(loop), sandbox.run(loop)])
      await expect.poll(() => sandbox.health()).toMatchObject({ busy: 1, queued: 1 })
      const next = sandbox.run({ code: 'print(1)' })
      left.abort(new Error('left'))
      expect(await loops).toMatchObject([{ reason: { message: 'left' } }, { reason: { message: 'left' } }])
      expect(await next).toMatchObject({ stdout: '1\n' })
      await expect(sandbox.run(loop)).rejects.toThrow('left')
      expect(sandbox.health()).toMatchObject({ queued: 0, replaced: 0 })
    })

    test('answers a run that has waited for as long as it may', async () => {
      await using sandbox = await open({ processes: 1 })
      const left = new AbortController()
      const loop = sandbox.run({ code: 'while True: pass', seconds: 30, signal: left.signal }).catch(() => 'ended')
      await expect(sandbox.run({ code: 'pass', maxWaitSeconds: 0.05 })).rejects.toMatchObject({
        code: 'TOO_MANY_REQUESTS',
      })
      left.abort()
      expect(await loop).toBe('ended')
    })

    test('proves exercises on interpreters of their own', async () => {
      await using sandbox = await open({ processes: 1 })
      const left = new AbortController()
      const slow = { code: 'while True: pass', seconds: 30, purpose: 'authoring', signal: left.signal } as const
      const proof = Promise.allSettled([sandbox.run(slow), sandbox.run({ ...slow, trusted: true, authored: true })])
      expect(await sandbox.run({ code: 'print(1)' })).toMatchObject({ stdout: '1\n' })
      expect(await sandbox.run({ code: 'print(1)', trusted: true })).toMatchObject({ stdout: '1\n' })
      left.abort(new Error('left'))
      expect(await proof).toMatchObject([{ reason: { message: 'left' } }, { reason: { message: 'left' } }])
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
