import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const maxFiles = 10

/** The file that each numbered step of `docs/architecture.md` begins with. */
const steps = [...readFileSync(join(root, 'docs', 'architecture.md'), 'utf8').matchAll(/^\d+\. `([^`]+)`/gm)].map(
  ([, file = '']) => file,
)

/** Our own files that a file imports, relative to the root. */
function importsOf(file: string): string[] {
  const source = readFileSync(join(root, file), 'utf8')
  return [...source.matchAll(/(?:from|import) '(\.[^']+)'/g)].map(([, path = '']) =>
    normalize(join(dirname(file), path)),
  )
}

/** The neighbouring pairs in which neither imports the other. */
const gapsIn = (files: readonly string[]): string[] =>
  files.slice(1).flatMap((file, at) => {
    const before = files[at] ?? ''
    return importsOf(before).includes(file) || importsOf(file).includes(before) ? [] : [`${before} - ${file}`]
  })

test('the documented way of a submission to its grade is at most ten files that exist', () => {
  expect(steps.length).toBeGreaterThan(1)
  expect(steps.length).toBeLessThanOrEqual(maxFiles)
  expect(steps.filter(file => !existsSync(join(root, file)))).toEqual([])
})

test('each file of that way imports the next or is imported by it; in another order it does not', () => {
  expect(gapsIn(steps)).toEqual([])
  expect(gapsIn([...steps.slice(-1), ...steps.slice(0, -1)])).toHaveLength(1)
})
