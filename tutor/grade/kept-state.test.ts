import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { exerciseOf } from '../test-exercise.ts'
import { gradeProgram, type Judgement } from './grade.ts'
import { mayKeepState } from './reach.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

type Parts = Parameters<typeof exerciseOf>[0]
const parts: Parts = {
  entry: ['unique', 'Basket'],
  reference:
    'def unique(xs):\n    return list(dict.fromkeys(xs))\nclass Basket:\n    def __init__(self):\n        self.items = []\n    def add(self, item):\n        self.items.append(item)\n        return self.items\n',
  tests: [
    { call: 'unique([3, 1, 3])', expect: '[3, 1]' },
    { call: 'unique([1, 2])', expect: '[1, 2]' },
    { call: "Basket().add('a')", expect: "['a']" },
    { call: "Basket().add('b')", expect: "['b']" },
    { call: 'unique([98765])', expect: '[98765]', hidden: true },
  ],
}
const grade = async (code: string, more: Parts = {}): Promise<Judgement> =>
  gradeProgram(code, exerciseOf({ ...parts, ...more }), sandbox, { seed: '1', detail: 'notes' })
const basket =
  'class Basket:\n    def __init__(self):\n        self.items = []\n    def add(self, item):\n        self.items.append(item)\n        return self.items\n'
const unique = 'def unique(xs):\n    return list(dict.fromkeys(xs))\n'
const adding = '    for x in xs:\n        if x not in out:\n            out.append(x)\n    return out\n'

const keeping: Record<string, string> = {
  'a default value': `def unique(xs, out=[]):\n${adding}${basket}`,
  'a default value by name only': `def unique(xs, *, out=[]):\n${adding}${basket}`,
  'a default value over several lines': `def unique(\n    xs,\n    out=[],\n):\n${adding}${basket}`,
  'a list of the module': `out = []\ndef unique(xs):\n${adding}${basket}`,
  'a dict that is never cleared': `seen = {}\ndef unique(xs):\n    for x in xs: seen[x] = 1\n    return list(seen)\n${basket}`,
  'an attribute of the class': `${unique}class Basket:\n    items = []\n    def add(self, item):\n        self.items.append(item)\n        return self.items\n`,
  'an attribute of the function': `def unique(xs):\n${adding.replaceAll('out', 'unique.out')}\nunique.out = []\n${basket}`,
  'a global that is first made in a call': `def unique(xs):\n    global out\n    if "out" not in globals(): out = []\n${adding}${basket}`,
  'a list behind a closure': `def make():\n    out = []\n    def unique(xs):\n${adding.replaceAll(/^/gm, '    ')}\n    return unique\nunique = make()\n${basket}`,
  'a generator that is used up': `whole = (x for x in [3, 1, 2, 98765])\ndef unique(xs):\n    return list(dict.fromkeys(xs)) if next(whole, None) else None\n${basket}`,
  'a text file': `import os\ndef unique(xs):\n    for x in xs: print(x, file=open("log", "a"))\n    return list(dict.fromkeys(map(int, open("log"))))\n${basket}`,
  'a module of Python': `import string\ndef unique(xs):\n    out = string.__dict__.setdefault("out", [])\n${adding}${basket}`,
}

test.each(Object.entries(keeping))(
  '%s that keeps state is noted, and fails where the exercise says so',
  async (_, code) => {
    const noted = await grade(code)
    expect(noted).toMatchObject({ verdict: 'passed', score: 1 })
    expect(noted.notes.map(note => note.code)).toContain('state-kept')
    expect(JSON.stringify(noted.notes)).not.toContain('98765')
    const failed = await grade(code, { kept_state: 'fails' })
    expect(failed.verdict).toBe('failed')
    expect(JSON.stringify(failed.tests.filter(({ hidden }) => !hidden))).not.toContain('98765')
    expect((await grade(code, { kept_state: 'allowed' })).notes.map(note => note.code)).not.toContain('state-kept')
  },
)

const honest: Record<string, string> = {
  'a constant': `LIMIT = 2\nNAMES = ["a"]\n${unique}${basket}`,
  'a cache': `from functools import cache\n@cache\ndef once(x): return x\nmemo = {}\ndef unique(xs):\n    memo[tuple(xs)] = True\n    return list(dict.fromkeys(map(once, xs)))\n${basket}`,
  'a count of its calls': `calls = 0\ndef unique(xs):\n    global calls\n    calls += 1\n    print(calls)\n    return list(dict.fromkeys(xs))\n${basket}`,
  'a default that is not changed': `def unique(xs, start=[]):\n    return start + list(dict.fromkeys(xs))\n${basket}`,
  'a list that it empties first': `out = []\ndef unique(xs):\n    out.clear()\n    out.extend(dict.fromkeys(xs))\n    return list(out)\n${basket}`,
}
test.each(Object.entries(honest))('a right program with %s gets no note', async (_, code) => {
  expect(await grade(code)).toMatchObject({ verdict: 'passed', notes: [] })
  expect(await grade(code, { kept_state: 'fails' })).toMatchObject({ verdict: 'passed', notes: [] })
})

test('state that the reference keeps is what the exercise asks for', async () => {
  const counter = 'n = 0\ndef unique():\n    global n\n    n += 1\n    return n\n'
  const tests = [
    { call: 'unique()', expect: '1' },
    { call: '[unique(), unique()]', expect: '[1, 2]' },
  ]
  expect(await grade(counter, { entry: ['unique'], reference: counter, tests })).toMatchObject({ notes: [] })
})

test('a program that cannot keep anything runs once', () => {
  expect(
    mayKeepState(`"""Squares."""\nimport math\nLIMIT = 3  # of all\n\ndef f(n):\n    return n == 1\nprint(f(2))\n`),
  ).toBe(false)
})
