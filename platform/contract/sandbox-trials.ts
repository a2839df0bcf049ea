import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PythonRun, Sandbox, Share } from '../ports/sandbox.ts'
import type { Open } from './sandbox.ts'

/** What one trial of a program may leave for the next, in every sandbox. */
export function trialsContract(driver: string, open: Open): void {
  describe(`${driver}: a program in several trials`, () => {
    let sandbox: Sandbox
    beforeAll(async () => (sandbox = await open({ processes: 1 })))
    afterAll(async () => sandbox[Symbol.asyncDispose]())
    const run = async (job: PythonRun) => sandbox.run(job)

    test('apart keeps nothing from one to the next', async () => {
      const job = {
        code: 'import math\nmath.seen = getattr(math, "seen", 0) + 1\ndef f(): return math.seen',
        calls: [{ call: 'f()' }, { call: 'f()' }],
      }
      const seen = async (share: Share) => (await run({ ...job, share })).calls.map(({ value }) => value)
      expect(await seen('nothing')).toEqual([1n, 1n].map(value => ({ kind: 'int', value })))
      expect(await seen('interpreter')).toEqual([1n, 2n].map(value => ({ kind: 'int', value })))
    })

    test('runs a whole program again in one interpreter, with names and output of its own, when asked to', async () => {
      const job = {
        code: 'import math\nmath.seen = getattr(math, "seen", 0) + 1\nprint(math.seen, input(), "own" in globals())\nown = 1',
        calls: [{ stdin: 'a' }, { stdin: 'b' }],
      }
      const seen = async (share: { share?: Share }) =>
        (await run({ ...job, ...share })).calls.map(({ stdout }) => stdout)
      expect(await seen({ share: 'interpreter' })).toEqual(['1 a False\n', '2 b False\n'])
      expect(await seen({})).toEqual(['1 a False\n', '1 b False\n'])
    })

    test.each([
      ['a whole program', { code: 'print(input())', share: 'interpreter' as const }, {}],
      [
        'a program that is called',
        { code: 'line = input()\ndef f(): print(line)', share: 'interpreter' as const },
        { call: 'f()' },
      ],
      ['a function in a row', { code: 'def f(): print(input())', share: 'namespace' as const }, { call: 'f()' }],
    ])('%s reads nothing of the input that the trial before has left', async (_, job, call) => {
      const long = 'é'.repeat(200_000)
      const calls = ['one\ntwo\n', `${long}\n${long}`, 'three', '', 'four\n'].map(stdin => ({ ...call, stdin }))
      const { calls: seen } = await run({ ...job, calls })
      expect(seen.map(({ stdout, ended }) => (ended === 'ok' ? stdout.slice(0, 6).trim() : ended))).toEqual([
        'one',
        'éééééé',
        'three',
        'raised',
        'four',
      ])
    })

    test.each(['exit()', 'quit(0)', 'raise SystemExit'])('may end itself by %s in each', async end => {
      const code = `print(input())\n${end}\n`
      const calls = ['one', 'two', 'three'].map(stdin => ({ stdin }))
      expect((await run({ code, calls, share: 'interpreter' })).calls.map(({ stdout }) => stdout)).toEqual([
        'one\n',
        'two\n',
        'three\n',
      ])
    })

    test('called again finds no files and folders of the call before', async () => {
      const code = 'import os\nos.mkdir("made")\nos.chdir("made")\ndef f():\n    return os.getcwd()'
      const value = { kind: 'str', value: '/home/student/made' }
      expect((await run({ code, calls: [{ call: 'f()' }, { call: 'f()' }] })).calls).toMatchObject([
        { value },
        { value },
      ])
    })

    test('keeps nothing of one trial for the next, whatever it does to its own functions', async () => {
      const code = `
shared = []
class Kept:
    seen = []
def count(given=[], *, more={}):
    for kept in (shared, given, Kept.seen):
        kept.append(1)
    more[len(more)] = 1
    count.calls = getattr(count, "calls", 0) + 1
    return len(shared), len(given), len(Kept.seen), len(more), count.calls
def constant():
    return ("right", 2), frozenset({3})
def forge():
    code = constant.__code__
    constant.__code__ = code.replace(co_consts=("forged",) * len(code.co_consts))
    refused = []
    for forging in (lambda: code.co_consts.__setitem__(0, "forged"), lambda: setattr(code, "co_consts", ()), lambda: code.co_consts[-1].add(4)):
        try:
            forging()
        except (AttributeError, TypeError) as error:
            refused.append(type(error).__name__)
    return len(refused), constant() == (("right", 2), frozenset({3}))
`
      const { calls } = await run({
        code,
        calls: ['count()', 'count()', 'forge()', 'constant() == (("right", 2), frozenset({3}))'].map(call => ({
          call,
        })),
      })
      const one = { kind: 'int', value: 1n }
      expect(calls.map(({ value }) => value)).toEqual([
        { kind: 'tuple', items: [one, one, one, one, one] },
        { kind: 'tuple', items: [one, one, one, one, one] },
        {
          kind: 'tuple',
          items: [
            { kind: 'int', value: 3n },
            { kind: 'bool', value: false },
          ],
        },
        { kind: 'bool', value: true },
      ])
    })
  })
}
