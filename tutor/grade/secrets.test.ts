import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { exerciseOf } from '../test-exercise.ts'
import { forStudent, gradeProgram } from './grade.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const secret = 'qwertyzebra'
const hiddenFirst = exerciseOf({
  entry: ['f'],
  reference: 'def f(x): return x\n',
  tests: [
    { call: `f('${secret}')`, expect: `'${secret}'`, hidden: true },
    { call: "f('a')", expect: "'a'" },
    { call: `f('${secret}2')`, expect: `'${secret}2'`, hidden: true },
    { call: "f('b')", expect: "'b'" },
  ],
})
const keep = (where: string, get: string): string =>
  `${where}\ndef f(x):\n    seen = ${get}\n    seen.append(x)\n    return list(seen)\n`

const spies: Record<string, string> = {
  'a list in builtins': keep('import builtins', 'builtins.__dict__.setdefault("seen", [])'),
  'a list in a module of Python': keep('import math', 'math.__dict__.setdefault("seen", [])'),
  'a list in sys.modules': keep('import sys', 'sys.modules.setdefault("seen", [])'),
  'an attribute of a type': keep(
    'import collections',
    'collections.Counter.__dict__.get("seen") or (setattr(collections.Counter, "seen", []), collections.Counter.seen)[1]',
  ),
  'the garbage collector':
    'import gc\ndef f(x):\n    return [o for o in gc.get_objects() if isinstance(o, list) and o and isinstance(o[0], str)][:5], [x]\n',
  'the environment':
    'import os\ndef f(x):\n    os.environ["seen"] = os.environ.get("seen", "") + x\n    return os.environ["seen"]\n',
  'a file':
    'import os\ndef f(x):\n    with open("/tmp/seen", "a") as file: file.write(x)\n    return open("/tmp/seen").read()\n',
  'a list of the module': keep('seen_all = []', 'seen_all'),
  'the message of an exception': 'def f(x):\n    raise ValueError(x)\n',
  'the class of an exception': 'def f(x):\n    raise type(x, (Exception,), {})(x)\n',
  'the class of a result': 'def f(x):\n    return type(x, (), {})()\n',
  'a message like that of a wrong call': 'def f(x):\n    raise TypeError("f() argument " + x)\n',
  'a wrong call of code without lines': 'exec("def f(x):\\n    raise TypeError(\'f() argument \' + x)")\n',
  'the message when the memory is used up': 'def f(x):\n    if len(x) > 3: raise MemoryError(x)\n    return x\n',
  'what is printed': 'def f(x):\n    print(x)\n    return 1\n',
}

test.each(Object.entries(spies))('%s tells nothing of a hidden test', async (_, code) => {
  const { tests, notes, error } = await gradeProgram(code, hiddenFirst, sandbox, {
    seed: '1',
    detail: 'notes',
  })
  expect(JSON.stringify([forStudent(tests), notes, error])).not.toContain(secret)
  const kept = await gradeProgram(code, { ...hiddenFirst, kept_state: 'fails' }, sandbox, { seed: '1' })
  expect(JSON.stringify([forStudent(kept.tests), kept.notes, kept.error])).not.toContain(secret)
})

test.each([
  ['its message', 'raise ValueError(input())\n'],
  ['its class', 'name = input()\nraise type(name, (Exception,), {})()\n'],
])('a program whose only tests are hidden and that raises its input tells nothing by %s', async (_, code) => {
  const exercise = exerciseOf({
    kind: 'stdout',
    tests: [{ stdin: `${secret}\n`, stdout: 'a', hidden: true }],
  })
  const { verdict, error, notes } = await gradeProgram(code, exercise, sandbox, { seed: '1' })
  expect(verdict).toBe('error')
  expect(JSON.stringify([error, notes])).not.toContain(secret)
})

test('the smallest failing input is made from no hidden one', async () => {
  const exercise = { ...hiddenFirst, tests: [...hiddenFirst.tests, { call: "f('c')", expect: "'c'" }] }
  const { smallest_failing: smallest } = await gradeProgram(
    'def f(x): return x if len(x) < 3 else 1\n',
    exercise,
    sandbox,
    { seed: '1' },
  )
  if (smallest?.hidden !== true) expect(JSON.stringify(smallest)).not.toMatch(/qwe|zebra/)
})

test('a program that fails at random is not passed by its second look', async () => {
  const square = exerciseOf({
    entry: ['square'],
    reference: 'def square(n): return n * n\n',
    tests: [0, 1, 2, 3].map(n => ({ call: `square(${n})`, expect: String(n * n) })),
  })
  // Only in an interpreter of its own does a test pass, and there four times of five.
  const code =
    'import builtins, random\nfirst = not hasattr(builtins, "loaded")\nbuiltins.loaded = 1\n' +
    'def square(n): return n * n if first and random.random() < 0.8 else -1\n'
  const verdicts = await Promise.all(
    Array.from(
      { length: 20 },
      async (_, at) => (await gradeProgram(code, square, sandbox, { seed: String(at), detail: 'verdict' })).verdict,
    ),
  )
  // 0.8 ** 8 is 17 of 100, where one look would pass 41.
  expect(verdicts.filter(verdict => verdict === 'passed').length).toBeLessThanOrEqual(11)
})

test('what only shares an interpreter badly passes', async () => {
  const code = 'import builtins\nassert not hasattr(builtins, "mine")\nbuiltins.mine = 1\ndef f(x): return x\n'
  expect(await gradeProgram(code, hiddenFirst, sandbox, { seed: '1' })).toMatchObject({ verdict: 'passed' })
})
