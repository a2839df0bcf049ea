import { expect, test } from 'vitest'
import { syntaxClasses } from './classes.ts'
import { rewriteClasses } from './rewrites.ts'

test('every class that a rewrite can give has texts', () => {
  const known = syntaxClasses()
  expect(rewriteClasses().filter(id => !known.has(id))).toEqual([])
})
