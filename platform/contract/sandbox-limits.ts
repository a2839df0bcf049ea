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

    test('may take its time to load, and again in each trial, however many there are', async () => {
      const calls = Array.from({ length: 12 }, (_, n) => ({ call: `f(${n})` }))
      const code = 'for n in range(1_000_000): pass\ndef f(n):\n    for _ in range(1_000_000): pass\n    return n'
      const { ended, calls: done } = await run({ code, calls, seconds: 0.5 })
      expect([ended, done.map(({ value }) => value)]).toEqual([
        'ok',
        calls.map((_, n) => ({ kind: 'int', value: BigInt(n) })),
      ])
    })

    test('that takes long to load is loaded once, and each trial starts from right after it', async () => {
      const code =
        'import logging, time\nprint("top")\nfor n in range(1_000_000): pass\nseen = [time.perf_counter_ns()]\ndef f():\n    seen.append(len(seen))\n    print("in")\n    return seen'
      const { calls } = await run({ code, calls: Array.from({ length: 5 }, () => ({ call: 'f()' })) })
      expect(new Set(calls.map(({ value }) => String(Object.values(value ?? {})[1][0].value))).size).toBe(1)
      for (const { stdout, value } of calls)
        expect([stdout, value]).toEqual([
          'top\nin\n',
          { kind: 'list', items: [expect.anything(), { kind: 'int', value: 1n }] },
        ])
    })

    test('that takes long to load, makes files and reads its input finds both in each trial', async () => {
      const code =
        'for n in range(1_000_000): pass\ngiven = input()\nopen("file", "w").write("x")\ndef f():\n    open("file", "a").write(given)\n    return open("file").read()'
      const { calls } = await run({ code, calls: ['a', 'b'].map(stdin => ({ call: 'f()', stdin })) })
      expect(calls.map(({ value }) => value)).toEqual(['xa', 'xb'].map(value => ({ kind: 'str', value })))
    })

    test('that takes long to load and fails fails alike in each trial', async () => {
      const code = 'for n in range(1_000_000): pass\nprint("top")\n1 / 0'
      const { calls } = await run({ code, calls: [{ call: '1' }, { call: '2' }] })
      expect(calls).toMatchObject(
        [1, 2].map(() => ({ ended: 'raised', error: { type: 'ZeroDivisionError', line: 3 } })),
      )
    })

    test('sleeps on a clock of its own, with which all clocks agree', async () => {
      const code = `import asyncio, datetime, select, time
clocks = time.time, time.monotonic, time.perf_counter, lambda: datetime.datetime.now().timestamp()
begun = [clock() for clock in clocks]
time.sleep(1_000)
select.select([], [], [], 100)
asyncio.run(asyncio.sleep(10))
print(*(round(clock() - begin, -1) for clock, begin in zip(clocks, begun)), time.process_time() < begun[1] + 1_000)`
      expect(await run(code)).toMatchObject({ ended: 'ok', stdout: '1110.0 1110.0 1110.0 1110.0 True\n' })
      const { stdout } = await run('import time\nprint(time.time())')
      expect(Math.abs(Number(stdout) * 1_000 - Date.now())).toBeLessThan(60_000)
    })

    test('that leaves while it loads has loaded, and one that leaves in a trial has failed it', async () => {
      const leaving = async (how: string) =>
        run({ code: `def f(): return 1\n${how}\ndef f(): return 2`, calls: [{ call: 'f()' }, { call: 'f()' }] })
      for (const how of ['exit()', 'quit()', 'import sys; sys.exit("done")', 'raise SystemExit(3)'])
        expect((await leaving(how)).calls).toMatchObject([1, 2].map(() => ({ ended: 'ok', value: { value: 1n } })))
      const inside = { code: 'def f(): exit()', calls: [{ call: 'f()' }, { call: '2' }] }
      expect((await run(inside)).calls).toMatchObject([
        { ended: 'raised', error: { type: 'SystemExit' } },
        { ended: 'ok', value: { value: 2n } },
      ])
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
