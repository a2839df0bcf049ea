import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { explain } from './explain.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

test('a program that Python reads has no error', async () => {
  expect(await explain('print(1)\n', sandbox)).toMatchObject({ class: 'none', line: 1, column: 1 })
})

test('an edit holds the whole program, in which all faults are mended', async () => {
  const found = await explain('x = 4\nif x > 3:\n    print "a"\nwhile x > 1\n    x -= 1\n', sandbox)
  expect(found).toMatchObject({ class: 'print-without-parentheses', line: 3, python_line: 3, fixes_all: true })
  expect(found.edit?.program).toBe('x = 4\nif x > 3:\n    print("a")\nwhile x > 1:\n    x -= 1\n')
  expect(found.edits).toHaveLength(2)
})
