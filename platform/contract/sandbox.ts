import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PythonRun, Sandbox } from '../ports/sandbox.ts'

export interface SandboxNeeds {
  processes: number
  queueLimit?: number
  runsPerOwner?: number
}

/** Opens a sandbox for the test alone. */
export type Open = (needs: SandboxNeeds) => Promise<Sandbox>

/** The contract of every sandbox. `open` gives one for this suite alone, so that its processes and queue are known. */
export function sandboxContract(driver: string, open: Open): void {
  describe(`${driver}: a program`, () => {
    let sandbox: Sandbox
    beforeAll(async () => (sandbox = await open({ processes: 1 })))
    afterAll(async () => sandbox[Symbol.asyncDispose]())
    const run = async (job: string | PythonRun) => sandbox.run(typeof job === 'string' ? { code: job } : job)

    test('prints, reads what it is given, and ends', async () => {
      expect(await run({ code: 'print("hi", int(input()) * 2)', stdin: '4\n' })).toMatchObject({
        ended: 'ok',
        stdout: 'hi 8\n',
        stderr: '',
        truncated: false,
        calls: [],
      })
    })

    test('that asks for input where none is given is told so', async () => {
      expect(await run('input()')).toMatchObject({
        ended: 'raised',
        error: { type: 'EOFError', line: 1, message: 'the program asked for input, but none was given' },
      })
    })

    test('reads just what it is given, also nothing and a last line without an end', async () => {
      const code = 'import sys\nprint([line for line in sys.stdin])'
      expect(await run({ code, stdin: '' })).toMatchObject({ ended: 'ok', stdout: '[]\n' })
      expect(await run({ code, stdin: 'é\n\nb' })).toMatchObject({ ended: 'ok', stdout: "['é\\n', '\\n', 'b']\n" })
      expect(await run({ code: 'input()', stdin: '' })).toMatchObject({ ended: 'raised', error: { type: 'EOFError' } })
    })

    test('reads long input whole, and leaves nothing of what it did not read', async () => {
      const stdin = `${'x'.repeat(20_000)}\n${'y'.repeat(20_000)}`
      expect(await run({ code: 'import sys\nprint(len(sys.stdin.read()))', stdin })).toMatchObject({
        stdout: '40001\n',
      })
      for (const code of ['print(len(input()))', 'import os\nprint(20_000 + len(os.read(0, 3)) - 3)'])
        expect(await run({ code, stdin })).toMatchObject({ stdout: '20000\n' })
      expect(await run({ code: 'print(input(), input())', stdin: 'a\nb' })).toMatchObject({ stdout: 'a b\n' })
    })

    test('prints many short lines as fast as few long ones', async () => {
      const { ended, stdout } = await run('for n in range(20_000):\n    print(n % 10)')
      expect([ended, stdout.length]).toEqual(['ok', 40_000])
    })

    test('ends as Python does: exit functions run, objects go, open files are written', async () => {
      const left =
        'def write(name):\n    global left\n    left = open(name, "w")\n    left.write("text")\nwrite("out.txt")\n'
      const seen =
        'import atexit\natexit.register(print, "bye")\nclass A:\n    def __del__(self):\n        print("gone", len(names))\nnames = ["a"]\nfirst = A()\n'
      const trials = [{ reads: ['out.txt'] }]
      expect((await run({ code: seen + left, calls: trials })).calls).toEqual([
        { ended: 'ok', stdout: 'bye\ngone 1\n', files: { 'out.txt': 'text' } },
      ])
      expect((await run({ code: `${left}import sys\nsys.exit()`, calls: trials })).calls).toEqual([
        { ended: 'ok', stdout: '', files: { 'out.txt': 'text' } },
      ])
    })

    test('whose end never comes is timed out', async () => {
      const code = 'class A:\n    def __del__(self):\n        while True: pass\nfirst = A()'
      expect(await run({ code, seconds: 0.3 })).toMatchObject({ ended: 'timed_out' })
    })

    test('that raises is described by its own lines only', async () => {
      const { error } = await run('def half(x):\n    return x / 0\n\nhalf(2)\n')
      expect(error).toEqual({
        type: 'ZeroDivisionError',
        message: 'division by zero',
        line: 2,
        mro: ['ZeroDivisionError', 'ArithmeticError', 'Exception', 'BaseException'],
        traceback:
          'Traceback (most recent call last):\n  File "solution.py", line 4, in <module>\n    half(2)\n  File "solution.py", line 2, in half\n    return x / 0\nZeroDivisionError: division by zero',
      })
    })

    test('with a syntax error is told line and column', async () => {
      expect((await run('x = 1\nif True\n    pass\n')).error).toMatchObject({ type: 'SyntaxError', line: 2, column: 8 })
    })

    test('is called by its trials, each in a namespace as new, with its values as data', async () => {
      const code =
        'seen = []\ndef add(x):\n    print(x)\n    seen.append(x)\n    return seen, (1.5, None, True), {"é": {1}}, b"\\0", 2j, 10 ** 30'
      const { calls } = await run({
        code,
        calls: [{ call: 'add(1)' }, { call: 'add(helper)' }, { call: 'add(1) +' }],
        prelude: 'helper = 2',
      })
      const item = (value: bigint) => ({ kind: 'list', items: [{ kind: 'int', value }] })
      const rest = [
        { kind: 'tuple', items: [{ kind: 'float', value: 1.5 }, { kind: 'none' }, { kind: 'bool', value: true }] },
        {
          kind: 'dict',
          entries: [
            [
              { kind: 'str', value: 'é' },
              { kind: 'set', items: [{ kind: 'int', value: 1n }] },
            ],
          ],
        },
        { kind: 'bytes', value: new Uint8Array(1) },
        { kind: 'complex', real: 0, imaginary: 2 },
        { kind: 'int', value: 10n ** 30n },
      ]
      expect(calls.slice(0, 2)).toEqual([
        { ended: 'ok', stdout: '1\n', value: { kind: 'tuple', items: [item(1n), ...rest] } },
        { ended: 'ok', stdout: '2\n', value: { kind: 'tuple', items: [item(2n), ...rest] } },
      ])
      expect(calls[2]).toMatchObject({ ended: 'raised', error: { type: 'SyntaxError' } })
    })

    test('cannot redefine names in its calls that it does not have to define', async () => {
      const job = {
        prelude: 'DATA = [1]',
        code: 'DATA = [2]\nCOUNT = 0\ndef list(x): return "mine"\ndef max(*x): return "own"\ndef f(): return [2]',
      }
      const calls = ['DATA', 'f()', 'list("ab")', 'max(1, 2)', '(lambda: COUNT)()'].map(call => ({ call }))
      const values = async (definedNames?: string[]) =>
        (await run({ ...job, calls, ...(definedNames === undefined ? {} : { definedNames }) })).calls.map(({ value }) =>
          JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one)),
        )
      const [one, two, ab] = [
        '[{"kind":"int","value":1}]',
        '[{"kind":"int","value":2}]',
        '[{"kind":"str","value":"a"},{"kind":"str","value":"b"}]',
      ]
      const [list, own, mine, zero] = [
        (items: string) => `{"kind":"list","items":${items}}`,
        '{"kind":"str","value":"own"}',
        '{"kind":"str","value":"mine"}',
        '{"kind":"int","value":0}',
      ]
      expect(await values(['f', 'max'])).toEqual([list(one), list(two), list(ab), own, zero])
      expect(await values()).toEqual([list(two), list(two), mine, own, zero])
    })

    test('gives many large results, and more of them than can be held as too large', async () => {
      const calls = Array.from({ length: 12 }, (_, at) => ({ call: `f(${at})` }))
      const kinds = async (code: string) =>
        (await run({ code, calls, seconds: 30, megabytes: 100 })).calls.map(({ value }) => value?.kind)
      expect(await kinds('def f(n): return [n] * 150_000')).toEqual(calls.map(() => 'list'))
      const distinct = await kinds('def f(n): return [n * 1_000_000 + at for at in range(150_000)]')
      expect(distinct.slice(0, 6)).toEqual(calls.slice(0, 6).map(() => 'list'))
      expect(distinct.at(-1)).toBe('other')
      for (const size of [12_000, 1_000_000])
        expect(
          (await run({ code: `row = [0] * ${size}\ndef f(n): return [row] * 1_000`, calls: calls.slice(0, 1) })).calls,
        ).toMatchObject([{ value: { kind: 'other' } }])
    })

    test('that leaves a stream which never closes keeps its result, and the next trial is run', async () => {
      const code =
        'import sys\ndef f(n):\n    if n == 1:\n        sys.stdout.flush = stuck\n    return n\ndef stuck():\n    while True: pass'
      const { ended, calls } = await run({
        code,
        seconds: 3,
        calls: [{ call: 'f(0)' }, { call: 'f(1)' }, { call: 'f(2)' }],
      })
      const int = (value: bigint) => ({ ended: 'ok', stdout: '', value: { kind: 'int', value } })
      expect({ ended, calls }).toEqual({ ended: 'ok', calls: [int(0n), int(1n), int(2n)] })
    })

    test('that brings its interpreter down in one trial is run anew for the next', async () => {
      const code =
        'import sys\ndef f(n):\n    if n == 1:\n        sys.setrecursionlimit(10 ** 8)\n        return deep([])\n    return n\ndef deep(x):\n    for _ in range(10 ** 6): x = [x]\n    return repr(x)'
      const { calls } = await run({ code, calls: [{ call: 'f(0)' }, { call: 'f(1)' }, { call: 'f(2)' }] })
      expect(calls.map(result => result.ended)).toEqual(['ok', 'raised', 'ok'])
    })

    test('that is trusted gives the same each time it is run', async () => {
      const job = {
        code: 'kept = []\ndef f():\n    kept.append(len(kept))\n    return kept',
        trusted: true,
        calls: [{ call: 'f()' }, { call: 'f()' }],
      }
      const value = { kind: 'list', items: [{ kind: 'int', value: 0n }] }
      for (const _ of [1, 2]) expect((await run(job)).calls.map(result => result.value)).toEqual([value, value])
      expect((await run({ ...job, code: 'def f() return' })).calls[0]?.error).toMatchObject({
        type: 'SyntaxError',
        line: 1,
      })
    })

    test('finds the files of a trial and leaves those that are read back', async () => {
      const code = 'open("out/b.txt", "w").write(open("in/a.txt").read().upper())'
      const { calls } = await run({
        code,
        calls: [{ files: { 'in/a.txt': 'é', 'out/x': '' }, reads: ['out/b.txt', 'none.txt'] }],
      })
      expect(calls).toEqual([{ ended: 'ok', stdout: '', files: { 'out/b.txt': 'É', 'none.txt': null } }])
    })

    test('draws other numbers in each run', async () => {
      const [one, other] = [
        await run('import random\nprint(random.random())'),
        await run('import random\nprint(random.random())'),
      ]
      expect(one.stdout).not.toBe(other.stdout)
    })
  })
}
