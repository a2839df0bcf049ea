import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { checkFile } from './check.ts'

let sandbox: Sandbox
let folder: string
beforeAll(async () => {
  sandbox = await sharedSandbox()
  folder = await mkdtemp(join(tmpdir(), 'faults-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await sandbox[Symbol.asyncDispose]()
})

const head = `id: average
title: Average
version: 1
module: basics
level: easy
kind: function
concepts: [lists]
statement: The average.
reference: |
  def average(numbers):
      return sum(numbers) / len(numbers)
`
const entry = 'entry: [average]\n'
const tests =
  'tests:\n  - { call: "average([1, 2, 3])", expect: "2.0" }\n  - { call: "average([2, 3])", expect: "2.5" }\n'

test.each([
  [
    'a bracket that is not closed',
    `${head}${entry}tests:\n  - { call: "average([1, 2, 3)", expect: "2.0" }\n`,
    [/^14:13 call is no Python at its column \d+: closing parenthesis '\)' does not match/],
  ],
  [
    'statements that do not parse',
    `${head}${entry}tests:\n  - steps:\n      - do: |\n          x = 1\n          y = = 2\n      - { call: average([1]), expect: "1.0" }\n`,
    [/^18:\d+ the text of call is not in quotes|^15:13 do is no Python at its line 2, column 5: invalid syntax/],
  ],
  [
    'a call without quotes',
    `${head}${entry}tests:\n  - { call: average([1, 2, 3]), expect: "2.0" }\n  - { call: "average([1])", expect: "1.0" }\n`,
    [/put (?:it|the text) in quotes/],
  ],
  [
    'a call without quotes and a colon in it',
    `${head}${entry}tests:\n  - call: average({1: 2}: [3])\n    expect: "2.0"\n`,
    [/^14:\d+ .*put it in quotes/],
  ],
  [
    'a number without quotes',
    `${head}${entry}tests:\n  - { call: "average([1])", expect: 1.0 }\n`,
    [/put it in quotes/],
  ],
  [
    'a misspelt rule',
    `${head}${entry}rules: { ban_call: [sum] }\n${tests}`,
    [/^13:10 rules: unknown key ban_call: did you mean ban_calls\?$/],
  ],
  ['a misspelt key', `${head}${entry}refrence: x\n${tests}`, [/^13:1 unknown key refrence: did you mean reference\?$/]],
  [
    'an entry that the reference lacks',
    `${head}entry: [avrage]\n${tests}`,
    [/^12:9 the reference defines no avrage; it has average$/],
  ],
])('%s is told once, with its place', async (_, text, wanted) => {
  await writeFile(join(folder, 'exercise.yaml'), text)
  const { ok, problems } = await checkFile(folder, sandbox)
  expect(ok).toBe(false)
  const told = problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
  for (const [at, one] of wanted.entries()) expect(told[at]).toMatch(one)
  expect(told).toHaveLength(wanted.length)
})
