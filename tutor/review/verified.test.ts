import { beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { exerciseOf } from '../test-exercise.ts'
import { reviewVerified } from './verified.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})

const isLarge = exerciseOf({
  entry: ['isLarge'],
  reference: 'def isLarge(n):\n    return n > 3\n',
  tests: [
    { call: 'isLarge(2)', expect: 'False' },
    { call: 'isLarge(5)', expect: 'True', hidden: true },
  ],
})
const options = { seed: '0' }

test('an edit with equal results is shown as verified, and a name that the exercise gives is no remark', async () => {
  const program = 'def isLarge(n):\n    if n > 3:\n        return True\n    else:\n        return False\n'
  expect(await reviewVerified(program, isLarge, sandbox, options)).toMatchObject({
    findings: [{ rule: 'SIM103', after: 'return n > 3', verified: true }],
  })
})

test('an edit that changes a result is not shown, and neither is the remark', async () => {
  const truthy = exerciseOf({
    entry: ['only_true'],
    reference: 'def only_true(x):\n    return x is True\n',
    tests: [
      { call: 'only_true(True)', expect: 'True' },
      { call: 'only_true([])', expect: 'False' },
      { call: 'only_true(5)', expect: 'False' },
    ],
  })
  const program = 'def only_true(x):\n    if x == True:\n        return True\n    result = False\n    return result\n'
  const { findings } = await reviewVerified(program, truthy, sandbox, options)
  expect(findings.map(({ rule }) => rule)).not.toContain('E712')
  // The same remark where the edit changes nothing.
  const same = exerciseOf({
    entry: ['only_true'],
    reference: 'def only_true(x):\n    return x\n',
    tests: [{ call: 'only_true(True)', expect: 'True' }],
  })
  expect((await reviewVerified(program, same, sandbox, options)).findings).toMatchObject([
    { rule: 'E712', verified: true },
  ])
})

test('a remark on a risk stays without its edit, one on a program that does not load has none', async () => {
  const shared = exerciseOf({
    entry: ['collect'],
    reference: 'def collect(x, kept=[]):\n    kept.append(x)\n    return list(kept)\n',
    kept_state: 'allowed',
    tests: [{ call: '[collect(1), collect(2)]', expect: '[[1], [1, 2]]' }],
  })
  const program = 'def collect(x, kept=[]):\n    kept.append(x)\n    return list(kept)\n'
  const [finding] = (await reviewVerified(program, shared, sandbox, options)).findings
  expect(finding).toMatchObject({ rule: 'B006' })
  expect(finding).not.toHaveProperty('after')
  const broken =
    'import nothing_of_this_name\n\ndef isLarge(n):\n    if n == None:\n        return False\n    return n > 3\n\nisLarge(nothing_of_this_name.x)\n'
  for (const one of (await reviewVerified(broken, isLarge, sandbox, options)).findings)
    expect(one).not.toHaveProperty('after')
})

test('an edit that brings in a forbidden call is not shown', async () => {
  const exercise = exerciseOf({
    entry: ['show'],
    kind: 'function',
    reference: 'def show(items):\n    at = 0\n    for item in items:\n        print(at, item)\n        at += 1\n',
    tests: [{ call: 'show([3, 4])', stdout: '0 3\n1 4\n' }],
  })
  const program = 'def show(items):\n    for at in range(len(items)):\n        print(at, items[at])\n'
  const free = await reviewVerified(program, exercise, sandbox, { ...options, level: 'intermediate' })
  expect(free.findings).toMatchObject([{ rule: 'range-len-enumerate', verified: true }])
  const banned = { ...exercise, rules: { ban_calls: ['enumerate'] } }
  const ruled = await reviewVerified(program, banned, sandbox, { ...options, level: 'intermediate' })
  expect(ruled.findings).toEqual([])
})
