import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../../platform/ports/sandbox.ts'
import { runtimeClasses } from './classes.ts'
import { explainRuntime } from './explain-runtime.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

// One example of each class, drawn anew in each run.
const examples = [...runtimeClasses()].flatMap(([id, { examples: all }]) => {
  const program = all[Math.floor(Math.random() * all.length)]
  return program === undefined ? [] : [{ id, program }]
})

test.each(examples)('the class of an example is $id: $program', { timeout: 60_000 }, async ({ id, program }) => {
  const found = await explainRuntime(sandbox, program, { stdin: '1\n', seconds: 1 })
  expect(found).toMatchObject({ class: id })
  expect(found.edit?.program).not.toBe(program)
})
