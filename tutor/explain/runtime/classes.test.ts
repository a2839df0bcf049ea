import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../../platform/ports/sandbox.ts'
import { filled, placesIn, runtimeClasses } from './classes.ts'
import { explainTraceback } from './explain-traceback.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

test('every class has two examples of different shape, and there are at least fifty', () => {
  const classes = [...runtimeClasses()]
  expect(classes.length).toBeGreaterThanOrEqual(50)
  const few = classes.filter(([, { examples, tracebacks }]) => new Set([...examples, ...tracebacks]).size < 2)
  expect(few.map(([id]) => id)).toEqual([])
})

test('a place of a text that has no param is an error, and doubled braces are braces', () => {
  expect(placesIn('{a} {{b}} {c}')).toEqual(['a', 'c'])
  expect(filled('{a} {{b}}', { a: '{x}' })).toBe('{x} {b}')
  expect(() => filled('{a}', {})).toThrow('{a}')
})

const pasted = [...runtimeClasses()].flatMap(([id, { tracebacks }]) => tracebacks.map(text => ({ id, text })))

test.each(pasted)('the class of a pasted traceback is $id: $text', async ({ id, text }) => {
  expect(await explainTraceback(sandbox, text)).toMatchObject({ class: id })
})
