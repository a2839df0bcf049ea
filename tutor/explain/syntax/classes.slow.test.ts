import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../../platform/ports/sandbox.ts'
import { syntaxClasses } from './classes.ts'
import { explainSyntax } from './explain-syntax.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

test('both examples of each class get that class, and no text has a place that is left empty', async () => {
  const wrong: string[] = []
  for (const [id, { examples }] of syntaxClasses())
    for (const example of examples) {
      const found = await explainSyntax(example, sandbox)
      if (found?.class !== id) wrong.push(`${id}: ${JSON.stringify(example)} got ${found?.class}`)
      else if (/\{[a-z_]+\}/.test(found.title + found.cause + found.question)) wrong.push(`${id}: ${found.cause}`)
    }
  expect(wrong).toEqual([])
})
