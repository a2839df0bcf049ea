import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import { openBank } from '../exercise/bank.ts'
import { checkLibrary, writeOutputs } from './check-library.ts'
import { conceptLibrary } from './library.ts'

const exercises = (await openBank()).list()

test('every program of the library prints what is shown, every step is true, and every link leads somewhere', async () => {
  const library = conceptLibrary()
  expect(library.concepts.size).toBeGreaterThanOrEqual(40)
  expect(library.comparisons.size).toBeGreaterThanOrEqual(25)
  expect(library.whys.size).toBeGreaterThanOrEqual(25)
  expect(await checkLibrary(library, exercises, await sharedSandbox())).toEqual([])
})

test('what repeats, calls or changes is shown step by step', () => {
  const { concepts } = conceptLibrary()
  const followed =
    'variables for-loops while-loops range nested-loops accumulators enumerate zip break-continue functions parameters ' +
    'return scope default-arguments recursion generators closures decorators mutability copying lists list-methods classes'
  expect(followed.split(' ').filter(id => concepts.get(id)?.steps === undefined)).toEqual([])
})

/** A copy of a part of the library in which one text of one file is replaced. */
async function spoilt(file: string, from: string, to: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'concepts-'))
  const names = ['variables', 'numbers', 'strings', 'print', 'for-loops', 'lists', 'floats']
  for (const name of names)
    await cp(join(import.meta.dirname, 'bank', `${name}.md`), join(folder, 'bank', `${name}.md`), { recursive: true })
  for (const [kind, name] of [
    ['comparisons', 'int-or-float'],
    ['whys', 'float-sum'],
  ])
    await cp(join(import.meta.dirname, kind ?? '', `${name}.md`), join(folder, kind ?? '', `${name}.md`))
  const path = join(folder, file)
  const text = await readFile(path, 'utf8')
  expect(text).toContain(from)
  await writeFile(path, text.replace(from, to))
  return folder
}

test.each([
  ['bank/variables.md', 'print(age)', 'print(age + 1)', /output shown is not what it gives:\n14/],
  ['bank/for-loops.md', 'line 3: total = 4\n', 'line 3: total = 5\n', /steps shown is not what it gives/],
  ['bank/variables.md', 'needs: []', 'needs: [lists]', /needed before itself: variables -> lists -> variables/],
  ['bank/print.md', 'needs: [strings]', 'needs: [poems]', /no concept poems/],
  ['bank/strings.md', 'login-name', 'log-in-name', /no exercise log-in-name/],
  ['bank/strings.md', 'login-name', 'square', /square practises functions, arithmetic, return, not/],
  ['whys/float-sum.md', 'about: [floats]', 'about: [boats]', /no concept boats/],
  ['comparisons/int-or-float.md', '1152921504606846977', '1152921504606846976', /output shown/],
])('%s with "%s" made "%s" is found out', async (file, from, to, message) => {
  const folder = await spoilt(file, from, to)
  try {
    const problems = await checkLibrary(conceptLibrary(folder), exercises, await sharedSandbox())
    expect(problems.map(({ message }) => message)).toContainEqual(expect.stringMatching(message))
    expect(problems.every(({ path }) => path.startsWith(folder))).toBe(true)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('what a program prints is written into a file that shows something else', async () => {
  const folder = await spoilt('bank/variables.md', 'print(age)', 'print(age + 1)')
  try {
    const changed = await writeOutputs(conceptLibrary(folder), await sharedSandbox())
    expect(changed).toEqual([join(folder, 'bank', 'variables.md')])
    expect(await readFile(join(folder, 'bank', 'variables.md'), 'utf8')).toContain('```output\n14\n```')
  } finally {
    await rm(folder, { recursive: true })
  }
})

test.each([
  ['## learning', '## leaning', /section "## learning" is missing/],
  ['title: Variables and assignment', 'titel: Variables', /titel/],
  ['```python\nage = 12', '```\nage = 12', /has no program/],
])('a file in which "%s" is "%s" is refused with its path', async (from, to, message) => {
  const folder = await spoilt('bank/variables.md', from, to)
  try {
    expect(() => conceptLibrary(folder)).toThrow(message)
    expect(() => conceptLibrary(folder)).toThrow(/variables\.md is no entry/)
  } finally {
    await rm(folder, { recursive: true })
  }
})
