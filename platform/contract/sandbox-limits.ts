import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PythonRun, Sandbox } from '../ports/sandbox.ts'
import type { Open } from './sandbox.ts'

/** The contract of the limits on time, memory and output of a run. */
export function limitsContract(driver: string, open: Open): void {
  describe(`${driver}: a program`, () => {
    let sandbox: Sandbox
    beforeAll(async () => (sandbox = await open({ processes: 1 })))
    afterAll(async () => sandbox[Symbol.asyncDispose]())
    const run = async (job: string | PythonRun) => sandbox.run(typeof job === 'string' ? { code: job } : job)

    test('over its time, memory or output ends as such, and says where it was', async () => {
      expect(await run({ code: 'print("before")\nwhile True:\n    pass', seconds: 0.3 })).toMatchObject({
        ended: 'timed_out',
        stdout: 'before\n',
        error: { message: expect.stringContaining('0.3 s') as string },
      })
      expect(await run({ code: 'print("before")\nsum(range(10 ** 14))', seconds: 0.3 })).toMatchObject({
        ended: 'timed_out',
        stdout: 'before\n',
        error: { line: 2 },
      })
      expect(await run('x = 1\ny = bytearray(60 * 2 ** 20)')).toMatchObject({
        ended: 'out_of_memory',
        error: { line: 2 },
      })
      expect(await run('while True:\n    print("x" * 999)')).toMatchObject({ ended: 'output_limit', truncated: true })
      expect(await run('x = bytearray(15 * 2 ** 20)')).toMatchObject({ ended: 'ok' })
    })

    test('in trials that are out of time stops at the one that was', async () => {
      const code = 'def f(n):\n    while n: pass\n    return n'
      const { ended, calls } = await run({
        code,
        seconds: 0.3,
        calls: [{ call: 'f(0)' }, { call: 'f(1)' }, { call: 'f(0)' }],
      })
      expect([ended, calls.map(result => result.ended)]).toEqual(['timed_out', ['ok', 'timed_out']])
    })

    test('gets more memory when it is given more, and trusted code a process of its own', async () => {
      expect(await run({ code: 'print(len(bytearray(60 * 2 ** 20)))', megabytes: 100 })).toMatchObject({
        ended: 'ok',
        stdout: '62914560\n',
      })
      expect(await run({ code: 'print(6 * 7)', trusted: true })).toMatchObject({ ended: 'ok', stdout: '42\n' })
    })
  })
}
