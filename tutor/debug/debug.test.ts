import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { gradeProgram } from '../grade/grade.ts'
import { exerciseOf } from '../test-exercise.ts'
import { debugProgram } from './debug.ts'
import type { Debugged } from './debugged.ts'
import { leakedLines } from './leaks.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const debug = async (code: string, exercise: Exercise, peers: string[] = []): Promise<Debugged> =>
  debugProgram(code, exercise, sandbox, { seed: '1', peers, searchWork: 50_000_000 })

const total = exerciseOf({
  entry: ['total'],
  reference:
    'def total(prices, limit):\n    result = 0\n    for price in prices:\n        if price <= limit:\n            result += price\n    return result\n',
  tests: [
    { call: 'total([1, 2, 3], 2)', expect: '3' },
    { call: 'total([5, 5], 9)', expect: '10' },
    { call: 'total([], 1)', expect: '0' },
    { call: 'total([4, 8], 1)', expect: '0', hidden: true },
  ],
})

test('a wrong comparison is found in a program with other names, with its input, its step and a fix that passes', async () => {
  const code =
    'def total(xs, most):\n    # adds up\n    sum_ = 0\n    for x in xs:\n        if x < most:\n            sum_ += x\n    return sum_\n'
  const found = await debug(code, total)
  expect(found.suspicious[0]).toMatchObject({ line: 5 })
  expect(found.failing_input).toMatch(/^total\(/)
  expect(found.first_wrong_step).toMatchObject({ line: expect.any(Number), got: expect.any(String) })
  expect(found.fix).toMatchObject({ kind: 'edited' })
  expect(found.fix?.program).toContain('# adds up')
  expect(await gradeProgram(found.fix?.program ?? '', total, sandbox, { seed: '1' })).toMatchObject({
    verdict: 'passed',
  })
  expect(found.hints).toHaveLength(4)
  expect(found.hints[3]).toContain('if x <= most:')
})

test('the first step that departs is the first wrong value, not the last', async () => {
  const code =
    'def total(prices, limit):\n    result = 1\n    for price in prices:\n        if price <= limit:\n            result += price\n    return result\n'
  const found = await debug(code, total)
  expect(found.first_wrong_step).toMatchObject({ line: 2, name: 'result', got: '1', expected: '0' })
})

test('something missing is named by the line after which it is, also where no failing test runs a wrong line', async () => {
  const code =
    'def total(prices, limit):\n    result = 0\n    for price in prices:\n        if price <= limit:\n            result += price\n'
  const found = await debug(code, total)
  expect(found.suspicious.slice(0, 3).map(({ line }) => line)).toContain(5)
  expect(found.fix?.program).toMatch(/return result\n?$/)
})

test('a program that stops with an error, never ends or does not parse has suspicious lines and four hints', async () => {
  const broken =
    'def total(prices, limit):\n    result = 0\n    for price in prices:\n        result += prise\n    return result\n'
  const endless =
    'def total(prices, limit):\n    result = 0\n    while len(prices) >= 0:\n        result += 1\n    return result\n'
  const unread =
    'def total(prices, limit):\n    result = 0\n    for price in prices\n        result += 1\n    return result\n'
  for (const [code, line] of [
    [broken, 4],
    [endless, 3],
    [unread, 3],
  ] as const) {
    const found = await debug(code, total)
    expect(found.suspicious.slice(0, 3).map(one => one.line)).toContain(line)
    expect(found.hints).toHaveLength(4)
    expect(found.failing_input).not.toBeNull()
  }
})

test('a right program has nothing suspicious', async () => {
  expect(await debug(total.reference, total)).toMatchObject({ verdict: 'passed', suspicious: [], hints: [] })
})

test('an accepted program of another student is a right program to compare with', async () => {
  const exercise = exerciseOf({
    entry: ['longest'],
    reference: 'def longest(words):\n    return max(words, key=len, default="")\n',
    tests: [
      { call: "longest(['a', 'abc', 'ab'])", expect: "'abc'" },
      { call: 'longest([])', expect: "''" },
      { call: "longest(['ab', 'cd'])", expect: "'ab'" },
    ],
  })
  const wrong =
    "def longest(ws):\n    best = ''\n    for w in ws:\n        if len(w) >= len(best):\n            best = w\n    return best\n"
  const peer =
    "def longest(words):\n    found = ''\n    for word in words:\n        if len(word) > len(found):\n            found = word\n    return found\n"
  const found = await debug(wrong, exercise, [peer])
  expect(found.suspicious[0]?.line).toBe(4)
  expect(found.fix?.program).toContain('if len(w) > len(best):')
})

test('a program that reads its input is shown the input that it fails', async () => {
  const exercise = exerciseOf({
    kind: 'stdout',
    reference: 'n = int(input())\nfor i in range(1, n + 1):\n    print(i * i)\n',
    tests: [
      { stdin: '3\n', stdout: '1\n4\n9\n' },
      { stdin: '0\n', stdout: '' },
    ],
  })
  const found = await debug('n = int(input())\nfor i in range(1, n):\n    print(i * i)\n', exercise)
  expect(found.suspicious[0]).toMatchObject({ line: 2 })
  expect(found.failing_input).toMatch(/^\d+\s*$/)
  expect(found.fix?.kind).toBe('edited')
})

test('nothing of a hidden test is told when only hidden tests fail', async () => {
  const exercise = exerciseOf({
    entry: ['code'],
    reference: "def code(text):\n    return 'zq' if text == 'xylophone' else text\n",
    tests: [
      { call: "code('a')", expect: "'a'" },
      { call: "code('xylophone')", expect: "'zq'", hidden: true },
    ],
  })
  const found = await debug('def code(text):\n    return text\n', exercise)
  const told = JSON.stringify([
    found.failing_input,
    found.got,
    found.expected,
    found.first_wrong_step,
    found.hints.slice(0, 3),
  ])
  expect(told).not.toContain('zq')
  expect(found.failing_input ?? '').not.toBe("code('xylophone')")
})

test('hints up to level 3 hold no line of a solution, and the test of that notices one', async () => {
  const line = '            result += price'
  expect(leakedLines('add result+=price there', [total.reference])).toEqual([line])
  expect(leakedLines('write `sum += x`', [total.reference])).toEqual([line])
  expect(leakedLines('Which value has `result`? return', [total.reference])).toEqual([])
  const found = await debug(total.reference.replace('<=', '<').replace('result = 0', 'result = 1'), total)
  for (const hint of found.hints.slice(0, 3)) expect(leakedLines(hint, [total.reference])).toEqual([])
})
