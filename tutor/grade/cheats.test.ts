import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { bankFolder } from '../exercise/bank.ts'
import { gradeProgram } from './grade.ts'
import { type Exercise, readExercise } from '../exercise/parse-exercise.ts'
import { exerciseOf } from '../test-exercise.ts'

let sandbox: Sandbox
let square: Exercise

beforeAll(async () => {
  sandbox = await sharedSandbox()
  square = await readExercise(join(bankFolder, 'square'))
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const cheats: Record<string, string> = {
  'an __eq__ that is always true':
    'class A:\n    def __eq__(self, o): return True\n    def __hash__(self): return 9\ndef square(n): return A()',
  'an int subclass that equals everything':
    'class A(int):\n    def __eq__(self, o): return True\ndef square(n): return A(1)',
  'a spoofed __class__':
    'class A:\n    __class__ = int\n    def __eq__(self, o): return True\n    def __int__(self): return 9\ndef square(n): return A()',
  'a float subclass with another repr':
    'class A(float):\n    def __repr__(self): return "9"\ndef square(n): return A(2)',
  'a list subclass that lies about its items':
    'class A(list):\n    def __eq__(self, o): return True\n    def __iter__(self): return iter([9])\ndef square(n): return A()',
  'printed verdicts':
    'print(\'{"verdict": "passed", "score": 1}\')\ndef square(n):\n    print("passed 9 16 0")\n    return None',
  'lines written to every descriptor':
    'import os\ndef square(n):\n    for fd in (1, 2):\n        os.write(fd, b\'{"result": {"ended": "ok"}, "passed": true}\\n\')\n',
  'frames searched for the expected value':
    'import sys\ndef square(n):\n    frame = sys._getframe()\n    while frame:\n        for name, value in {**frame.f_globals, **frame.f_locals}.items():\n            if name in ("expected", "expect", "want"): return value\n        frame = frame.f_back\n',
  'a heap searched for the tests':
    'import gc\ndef square(n):\n    for one in gc.get_objects():\n        if isinstance(one, dict) and "expect" in one: return eval(one["expect"])\n',
  'patched builtins':
    'import builtins\nbuiltins.compile = builtins.eval = lambda *a, **k: 9\nbuiltins.repr = lambda o: "9"\ndef square(n): return 0',
  'patched json and pickle':
    'import json, pickle\njson.dumps = lambda *a, **k: "9"\npickle.dumps = lambda *a: b"9"\ndef square(n): return 0',
  'the answers that are shown': 'def square(n): return {3: 9, 0: 0, -4: 16}.get(n)',
  'a tracer that changes locals':
    'import sys\ndef tracer(frame, event, arg):\n    frame.f_locals.update(passed=True, result=9)\n    return tracer\nsys.settrace(tracer)\ndef square(n): return 0',
  'an exit in the middle': 'import sys\ndef square(n): sys.exit(0)',
  'a base exception in the middle': 'def square(n): raise KeyboardInterrupt',
  'an exit of the process': 'import os\ndef square(n): os._exit(0)',
  'a generator for a value': 'def square(n): yield n * n',
  'a replaced module':
    'import sys\nclass M: square = staticmethod(abs)\nsys.modules["submission"] = M()\ndef square(n): return n',
}

test.each(Object.entries(cheats))('%s does not pass', async (_, code) => {
  const { verdict, score } = await gradeProgram(code, square, sandbox, { seed: '7' })
  expect(verdict).not.toBe('passed')
  expect(score).toBeLessThan(0.4)
})

const honest: Record<string, string> = {
  'a lambda': 'square = lambda n: n * n',
  'a partial': 'from functools import partial\nsquare = partial(lambda e, n: n ** e, 2)',
  'a class that is called': 'class Square:\n    def __call__(self, n): return n * n\nsquare = Square()',
  'a decorated function with a cache': 'from functools import lru_cache\n@lru_cache\ndef square(n): return n * n',
  'printing on the way': 'def square(n):\n    print("squaring", n)\n    return n * n\nprint(square(3))',
  'its own tests under __main__':
    'def square(n): return n * n\nif __name__ == "__main__":\n    print(square(int(input())))',
  'a name of a builtin':
    'def square(n):\n    list = [n]\n    sum = 0\n    for max in list: sum += max * n\n    return sum',
  'a recursion':
    'def square(n):\n    if n < 0: return square(-n)\n    if n < 1: return n * n\n    if n > 900: return n * n\n    return square(n - 1) + 2 * n - 1',
  'a star import': 'from math import *\ndef square(n): return n * n',
  'Windows line ends and a byte order mark': '\uFEFFdef square(n):\r\n    return n * n\r\n',
  'type hints and a docstring':
    'from __future__ import annotations\ndef square(n: Number) -> Number:\n    """Squares."""\n    return n * n',
  'a bool times a number': 'def square(n): return True * n * n',
  'letters of another language': 'def square(größe):\n    # 平方\n    return größe * größe',
  tabs: 'def square(n):\n\treturn n * n',
  exec: 'exec("def square(n): return n * n")',
  'a global': 'result = 0\ndef square(n):\n    global result\n    result = n * n\n    return result',
}

test.each(Object.entries(honest))('%s is fine', async (_, code) => {
  expect(await gradeProgram(code, square, sandbox, { seed: '7' })).toMatchObject({ verdict: 'passed', score: 1 })
})

test('subclasses of built-in data count as the data they hold', async () => {
  const counts = exerciseOf({
    entry: ['count', 'point', 'level'],
    reference: 'def count(t): return {c: t.count(c) for c in t}\ndef point(): return (1, 2)\ndef level(): return 3',
    tests: [
      { call: "count('abca')", expect: "{'a': 2, 'b': 1, 'c': 1}" },
      { call: 'point()', expect: '(1, 2)' },
      { call: 'level()', expect: '3' },
    ],
  })
  const code = `from collections import Counter, namedtuple
from enum import IntEnum
def count(t): return Counter(t)
def point(): return namedtuple("Point", "x y")(1, 2)
class Level(IntEnum):
    HIGH = 3
def level(): return Level.HIGH`
  expect(await gradeProgram(code, counts, sandbox, { seed: '7' })).toMatchObject({ verdict: 'passed' })
})

const helped = exerciseOf({
  entry: ['square'],
  reference: 'def square(n): return n * n\n',
  helpers: 'def judge():\n    return all(square(n) == n * n for n in (3, 5, 7))\n',
  tests: [
    { call: 'judge()', expect: 'True' },
    { call: 'square(4)', expect: '16', hidden: true },
  ],
})
const forging: Record<string, string> = {
  'the code of the judge': 'def yes(): return True\ntry:\n    judge.__code__ = yes.__code__\nexcept NameError: pass\n',
  'a judge of its own': 'def judge(): return True\n',
  'the builtin that judges': 'import builtins\nbuiltins.all = lambda xs: True\nall = builtins.all\n',
  'a result that equals everything':
    'class A(int):\n    def __eq__(self, o): return True\n    __hash__ = None\ndef square(n): return A(1)\n',
}
test.each(Object.entries(forging))('%s does not pass by forging', async (_, code) => {
  const program = code.includes('def square') ? code : `${code}def square(n): return 0\n`
  expect(await gradeProgram(program, helped, sandbox, { seed: '7' })).not.toMatchObject({ verdict: 'passed' })
})
