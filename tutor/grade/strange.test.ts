import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { gradeProgram } from './grade.ts'
import { exerciseOf } from '../test-exercise.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

type Parts = Parameters<typeof exerciseOf>[0]

const judged = async (code: string, parts: Parts) =>
  gradeProgram(code, exerciseOf({ entry: ['f'], reference: code, ...parts }), sandbox, { seed: '1' })

/** The verdict on a program that is its own reference, unless another is given. */
const verdictOn = async (code: string, parts: Parts): Promise<string> => (await judged(code, parts)).verdict

const nested = 'def f(n):\n    x = None\n    for i in range(n):\n        x = (i, x)\n    return x\n'
const calls: Record<string, [string, NonNullable<Parts['tests']>, string?]> = {
  'an old name of an exception': [
    'def f():\n    open("none")\n',
    [
      { call: 'f()', raises: 'IOError' },
      { call: 'f()', raises: 'EnvironmentError' },
    ],
  ],
  'an exception of the prelude': [
    'def f():\n    raise Stop("x")\n',
    [{ call: 'f()', raises: 'Stop' }],
    'class Stop(Exception): pass',
  ],
  'values five hundred levels deep': [
    nested,
    [{ call: 'f(500)', expect: 'reduce(lambda a, i: (i, a), range(500), None)' }],
    'from functools import reduce',
  ],
  'nested generators turned to lists': [
    'def f(n):\n    yield from ((x, x * x) for x in range(n))\n',
    [{ call: '[list(f(2)), [*f(1)]]', expect: '[[(0, 0), (1, 1)], [(0, 0)]]' }],
  ],
  'an f-string with a walrus in it': [
    'def f(n): return n\n',
    [{ call: "f'{(y := f(3))!r:>3}{y:b}'", expect: "'  311'" }],
  ],
  'keys of every hashable type': [
    'def f(): return {1: "a", (1, 2): "b", None: "c", b"1": "d", 1.5: "e", frozenset([1]): "f"}\n',
    [{ call: 'f()', expect: '{True: "a", (1.0, 2): "b", None: "c", b"1": "d", 1.5: "e", frozenset([1]): "f"}' }],
  ],
  'numbers of five thousand digits': [
    'def f(n): return n ** 5000\n',
    [{ call: '[f(7), -f(7)]', expect: '[7 ** 5000, -7 ** 5000]' }],
  ],
  'text with a NUL, a byte order mark and half a surrogate': [
    "def f(): return ['a\\x00b', '\\ufeffa', '\\ud800']\n",
    [{ call: 'f()', expect: "['a' + chr(0) + 'b', chr(0xfeff) + 'a', chr(0xd800)]" }],
  ],
  'what a function prints, caught by the prelude': [
    'def f(x): print(x)\n',
    [{ call: 'shown(lambda: f(3))', expect: '"3\\n"' }],
    'import io, contextlib\ndef shown(run):\n    with contextlib.redirect_stdout(io.StringIO()) as out:\n        run()\n    return out.getvalue()',
  ],
  'input from a prelude that replaces it': [
    'def f(): return int(input("n? ")) + 1\n',
    [{ call: '(setattr(builtins, "input", lambda *a: "4"), f())[1]', expect: '5' }],
    'import builtins',
  ],
  'recursion through a cache nine hundred deep': [
    'from functools import lru_cache\n@lru_cache(None)\ndef f(n): return n if n < 2 else f(n - 1) + f(n - 2)\n',
    [{ call: 'f(900) % 1000', expect: '800' }],
  ],
  'a coroutine that the test runs': [
    'async def f(x): return x\n',
    [{ call: 'asyncio.run(f(3))', expect: '3' }],
    'import asyncio',
  ],
  'a call over several lines with a comment': [
    'def f(x): return x\n',
    [{ call: 'f(\n  1\n)  # one', expect: '1  # one' }],
  ],
}

test.each(Object.entries(calls))('%s can be tested', async (_, [code, tests, prelude]) => {
  expect(await verdictOn(code, { tests, ...(prelude === undefined ? {} : { prelude }) })).toBe('passed')
})

const twice: NonNullable<Parts['tests']> = [
  { call: 'f()', expect: '1' },
  { call: 'f() + 1', expect: '2' },
]
const stateful: Record<string, string> = {
  'makes a folder and a file that must not be there':
    'import os\nos.mkdir("data")\nopen("x.txt", "x").close()\ndef f(): return 1\n',
  'leaves its folder': 'import os\nos.mkdir("data")\nos.chdir("data")\ndef f(): return os.getcwd().count("data")\n',
  'counts its calls': 'n = 0\ndef f():\n    global n\n    n += 1\n    return n\n',
  'has a default that it changes': 'def f(seen=[]):\n    seen.append(1)\n    return len(seen)\n',
  'changes what the prelude made': 'def f():\n    SEEN.append(1)\n    return len(SEEN)\n',
  'replaces print for everyone':
    'import builtins\nold = print\nbuiltins.print = lambda *a: old(">", *a)\ndef f():\n    print(1)\n    return 1\n',
  'turns its output off':
    'import io, sys\nsys.stdout = io.StringIO()\ndef f():\n    sys.stdout.close()\n    return 1\n',
  'lowers the recursion limit':
    'import sys\nsys.setrecursionlimit(60)\ndef f(n=20): return 1 if n == 0 else f(n - 1)\n',
}

test.each(Object.entries(stateful))('a right program that %s passes one test after another', async (_, code) => {
  expect(await verdictOn(code, { tests: twice, prelude: 'SEEN = []' })).toBe('passed')
})

const heavy = (count: number): NonNullable<Parts['tests']> =>
  Array.from({ length: count }, (_, at) => ({ call: `f(${at})`, expect: String(at) }))
/** Programs that are slow on a busy machine must not fail by the time limit. */
const patient = { seconds: 30, megabytes: 50 }
const leaving: Record<string, [string, NonNullable<Parts['tests']>]> = {
  'holds a table at its top': ['flags = bytearray(1)\ntable = [True] * 500_000\ndef f(n): return n\n', heavy(16)],
  'remembers all that it worked out': [
    'memo = {}\ndef f(n):\n    for at in range(100_000):\n        memo[at] = at\n    return n\n',
    heavy(6),
  ],
  'prints much in each test': ['def f(n):\n    print("x" * 100_000)\n    return n\n', heavy(12)],
  'counts with few digits': [
    'from decimal import *\ngetcontext().prec += 1\ndef f(): return getcontext().prec - 28\n',
    twice,
  ],
  'leaves a setting behind': [
    'import os\nassert "SEEN" not in os.environ\nos.environ["SEEN"] = "1"\ndef f(): return 1\n',
    twice,
  ],
  'wraps what a module has': [
    'import json\nold = json.dumps\njson.dumps = lambda x: "<" + old(x)\ndef f(): return json.dumps(1).count("<")\n',
    twice,
  ],
  'sets up logging': [
    'import io, logging\nout = io.StringIO()\nlogging.basicConfig(stream=out)\ndef f():\n    logging.error("x")\n    return out.getvalue().count("x")\n',
    twice,
  ],
}

test.each(Object.entries(leaving))(
  'a right program that %s passes as if each test were the only one',
  async (_, [code, tests]) => {
    expect(await verdictOn(code, { tests, limits: patient })).toBe('passed')
  },
)

const reference = 'def f(x): return [x, x]\n'
const shadowing: Record<string, [string, string, string]> = {
  'has a list of its own': ['list = list(f(3))\n', 'list(f(3))', '[3, 3]'],
  'brings test data under the name of the prelude’s': ['DATES = [0]\n', 'f(DATES)', '[[1], [1]]'],
  'brings a copy of a class': [
    'class Node:\n    def __init__(self, x): self.x = x\ndef f(node): return [node.x] * 2 if isinstance(node, Node) else []\n',
    'f(Node(3))',
    '[3, 3]',
  ],
  'has nothing but what it was asked for': ['', '[name for name in dir() if name == "f"]', '["f"]'],
  'has data of its own that a generator takes': [
    'DATES = [0]\nmax = 5\n',
    'list(f(DATES) for _ in range(max(1, 2)))',
    '[[[1], [1]], [[1], [1]]]',
  ],
  'has data of its own that a lambda takes': ['DATES = [0]\n', '(lambda: f(DATES))()', '[[1], [1]]'],
  'repeats what the prelude made': ['LOG = []\ndef f(x):\n    LOG.append(x)\n', '(f(1), LOG)[1]', '[1]'],
  'gives what the prelude made another value': ['def f(x):\n    global LOG\n    LOG = [x]\n', '(f(1), LOG)[1]', '[1]'],
  'imports all of a module': ['from math import *\n', 'pow(len(f(2)), 3)', '8'],
}

test.each(Object.entries(shadowing))(
  'a right program that %s is called as the test means it',
  async (_, [more, call, expect_]) => {
    const parts = {
      reference,
      prelude: 'DATES = [1]\nLOG = []\nclass Node:\n    def __init__(self, x): self.x = x',
      tests: [{ call, expect: expect_ }],
    }
    expect(await verdictOn(`${reference}${more}`, parts)).toBe('passed')
  },
)

test('a program does not pass by a sorted of its own, unless it was asked for', async () => {
  const code = 'def f(x): return x\ndef sorted(x): return [0, 1, 2]\n'
  const tests = [{ call: 'sorted(f(3))', expect: '[0, 1, 2]' }]
  const replaced = 'import builtins\nbuiltins.sorted = lambda x: [0, 1, 2]\ndef f(x): return [3]\n'
  const ofClass =
    'class sorted(list):\n    def __init__(self, x): self += [0, 1, 2]\ndef f(x): "global sorted"; return [3]\n'
  for (const wrong of [code, replaced, ofClass])
    expect(await verdictOn(wrong, { reference: 'def f(x): return [2, 0, 1]\n', tests })).toBe('failed')
  expect(await verdictOn(code, { reference: 'def f(x): return [2, 0, 1]\n', entry: ['f', 'sorted'], tests })).toBe(
    'passed',
  )
})

test('of a wrong program every test counts as if it were the only one', async () => {
  const prints = 'def f(n):\n    print("x" * 100_000)\n    return n if n != 3 else 0\n'
  expect(await judged(prints, { tests: heavy(12), limits: patient })).toMatchObject({
    verdict: 'failed',
    score: 11 / 12,
  })
  const counts =
    'import math\nmath.n = getattr(math, "n", 0) + 1\ndef f(n): return n if math.n == 1 and n != 10 else -n\n'
  const reference = 'def f(n): return n\n'
  const tests = [10, 20, 30].map(n => ({ call: `f(${n})`, expect: String(n) }))
  const { score, smallest_failing: smallest } = await judged(counts, { reference, tests })
  expect([score, smallest?.call]).toEqual([2 / 3, 'f(10)'])
})

test('an exception may have more than one base', async () => {
  const prelude = 'class BankError(Exception): pass\n'
  const code = 'class Low(ValueError, BankError): pass\ndef f(): raise Low("x")\n'
  for (const raises of ['BankError', 'ValueError', 'Low', 'Exception'])
    expect(await verdictOn(code, { prelude, tests: [{ call: 'f()', raises }] })).toBe('passed')
  expect(await verdictOn(code, { prelude, tests: [{ call: 'f()', raises: 'KeyError' }] })).toBe('failed')
  const mixed = 'class Mixin: pass\nclass Low(ValueError, Mixin): pass\ndef f(): raise Low("x")\n'
  expect(await verdictOn(mixed, { tests: [{ call: 'f()', raises: 'Mixin' }] })).toBe('failed')
})

test('a program finds the files of the first test when it is loaded', async () => {
  const files = { 'words.txt': 'a b', 'helper.py': 'N = 2' }
  const code = 'import helper\nWORDS = open("words.txt").read().split()\ndef f(): return len(WORDS) * helper.N\n'
  expect(await verdictOn(code, { tests: [{ call: 'f()', expect: '4', files }] })).toBe('passed')
})

test('output that is cut does not pass for the whole', async () => {
  const line = `${'x'.repeat(63)}\n`
  const tests = [{ stdin: '', stdout: line.repeat(1_024) }]
  const code = `for _ in range(1024):\n    print("x" * 63)\n`
  expect(await verdictOn(code, { kind: 'stdout', entry: [], tests })).toBe('passed')
  expect(await verdictOn(`${code}print("garbage")\n`, { kind: 'stdout', entry: [], tests })).toBe('failed')
})

test('an error in a text that the program compiles is told at the line that compiles it', async () => {
  const { error } = await judged('a = 1\nb = 2\nprint(eval("1+"))\n', {
    kind: 'stdout',
    entry: [],
    tests: [{ stdin: '', stdout: '1' }],
  })
  expect(error).toMatchObject({ type: 'SyntaxError', line: 3 })
})

test('a call that is no expression is the fault of the exercise', async () => {
  await expect(judged(reference, { tests: [{ call: 'f(', expect: '1' }] })).rejects.toMatchObject({
    code: 'EXERCISE_FAULTY',
  })
  const raises = [{ call: 'f("1+")', raises: 'SyntaxError' }]
  for (const code of [
    'f = eval\n',
    'import ast\nf = ast.literal_eval\n',
    'exec(compile("def f(x): raise SyntaxError()", "o", "exec"))\n',
  ])
    expect(await verdictOn(code, { tests: raises })).toBe('passed')
})

const programs: Record<string, [string, NonNullable<Parts['tests']>]> = {
  'reads all of an input that is empty or lacks its last line end': [
    'import sys\nprint(len(sys.stdin.read()))\n',
    [
      { stdin: '', stdout: '0' },
      { stdin: 'abc', stdout: '3' },
    ],
  ],
  'reads until there is no more': [
    'n = 0\ntry:\n    while True:\n        input()\n        n += 1\nexcept EOFError:\n    print(n)\n',
    [
      { stdin: '', stdout: '0\n' },
      { stdin: '1\n2', stdout: '2' },
    ],
  ],
  'says goodbye when it ends': [
    'import atexit\natexit.register(print, "bye")\nprint("hi")\n',
    [{ stdin: '', stdout: 'hi\nbye\n' }],
  ],
  'prints twelve thousand lines': [
    'for n in range(12_000):\n    print(n)\n',
    [{ stdin: '', stdout: Array.from({ length: 12_000 }, (_, n) => `${n}\n`).join('') }],
  ],
  'runs its coroutines': [
    'import asyncio\nasync def main():\n    print(await asyncio.sleep(0, 9))\nasyncio.run(main())\n',
    [{ stdin: '', stdout: '9\n' }],
  ],
  'never closes its file': [
    'def f(): return out\nout = open("out.txt", "w")\nout.write("hi")\n',
    [{ stdin: '', writes: { 'out.txt': 'hi\n' } }],
  ],
}

test.each(Object.entries(programs))('a right program that %s passes', async (_, [code, tests]) => {
  expect(await verdictOn(code, { kind: 'file', tests })).toBe('passed')
})

test.each([
  ['a finite number for an infinity', 'def f(): return 5', 'float("inf")'],
  ['the other infinity', 'def f(): return float("-inf")', 'float("inf")'],
  ['no number at all', 'def f(): return float("nan")', '1.0'],
])('a tolerance lets %s not pass', async (_, code, expected) => {
  expect(await verdictOn(code, { tests: [{ call: 'f()', expect: expected, tolerance: 1e-6 }] })).toBe('failed')
})
