import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bankFolder, openBank } from './bank.ts'
import { originOf, placeIn, readExercise } from './parse-exercise.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'learnflow-bank-'))
})
afterAll(async () => rm(folder, { recursive: true, force: true }))

/** A separate bank with a copy of `square`, its file changed. */
async function changed(name: string, change: (yaml: string) => string): Promise<string> {
  const bank = join(folder, name)
  await cp(join(bankFolder, 'square'), join(bank, 'square'), { recursive: true })
  const file = join(bank, 'square', 'exercise.yaml')
  await writeFile(file, change(await readFile(file, 'utf8')))
  return bank
}

test('every exercise of the bank is read, under the name of its folder', async () => {
  const bank = await openBank()
  const folders = (await readdir(bankFolder, { withFileTypes: true }))
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
  expect(bank.list().map(({ id }) => id)).toEqual(folders.toSorted())
  expect(new Set(bank.list().map(({ title }) => title)).size).toBe(folders.length)
})

test('a loaded exercise holds its programs, and an older version is answered with the newest', async () => {
  const bank = await openBank(await changed('plain', yaml => yaml.replace('version: 1', 'version: 3')))
  const square = bank.get('square', 1)
  expect(square.version).toBe(3)
  expect(square.reference).toBe('def square(n):\n    return n * n\n')
  expect(square.mistakes[0]?.file).toContain('return n + n')
  expect(() => bank.get('cube')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
})

test('the version of a bank changes with any change of an exercise, and with nothing else', async () => {
  const [one, same, other] = await Promise.all([
    openBank(await changed('one', yaml => yaml)),
    openBank(await changed('same', yaml => `# a comment\n${yaml}`)),
    openBank(await changed('other', yaml => yaml.replace('"16"', '"17"'))),
  ])
  expect(one.version).toBe(same.version)
  expect(one.version).not.toBe(other.version)
})

test('a faulty exercise is absent, said why, and keeps none of the others away', async () => {
  const folder = await changed('partly', yaml => yaml.replace('level: easy', 'level: simple'))
  await cp(join(bankFolder, 'square-of-input'), join(folder, 'square-of-input'), { recursive: true })
  const bank = await openBank(folder)
  expect(bank.list().map(({ id }) => id)).toEqual(['square-of-input'])
  expect(bank.faults).toMatchObject([{ path: join(folder, 'square', 'exercise.yaml'), line: 5, column: 8 }])
  expect(() => bank.get('square')).toThrow(
    expect.objectContaining({
      code: 'NOT_FOUND',
      hint: 'Its file is faulty: learnflow tutor check square says where.',
    }),
  )
})

test('a bank without the exercise that the platform checks itself with has it all the same, unlisted', async () => {
  const other = join(folder, 'without-square')
  await cp(join(bankFolder, 'square-of-input'), join(other, 'square-of-input'), { recursive: true })
  const bank = await openBank(other)
  expect(bank.list().map(({ id }) => id)).toEqual(['square-of-input'])
  expect(bank.get('square')).toEqual((await openBank()).get('square'))
})

test('all mistakes of a file are told at once, each with its line and column', async () => {
  const wrong = (yaml: string): string =>
    yaml
      .replace('title:', 'titel:')
      .replace('level: easy', 'level: simple')
      .replace('square(0), expect:', 'square(0), expects:')
      .replace('power.py', 'nowhere.py')
  await expect(openBank(await changed('wrong', wrong))).rejects.toMatchObject({ code: 'EXERCISE_FAULTY' })
  const { message } = (await openBank(join(folder, 'wrong')).catch((error: unknown) => error)) as Error
  expect(message.split('\n').map(line => line.replace(/^.*exercise\.yaml:/, ''))).toEqual([
    '1:1: title: is missing',
    '5:8: level: Invalid option: expected one of "easy"|"medium"|"hard"',
    '21:5: tests.1.expect: is missing',
    '21:24: tests.1: unknown key expects: did you mean expect?',
    '2:1: unknown key titel: did you mean title?',
  ])
})

test.each([
  ['YAML that does not parse', (yaml: string) => yaml.replace('entry: [square]', 'entry: [square'), /:\d+:\d+: /],
  ['a key that stands twice', (yaml: string) => `${yaml}level: hard\n`, /Map keys must be unique/],
  [
    'a file that is not there',
    (yaml: string) => yaml.replace('power.py', 'nowhere.py'),
    /:14:16: there is no file nowhere\.py/,
  ],
  [
    'an id that is not its folder',
    (yaml: string) => yaml.replace('id: square', 'id: cube'),
    /id cube is not the name of its folder/,
  ],
  [
    'a placeholder without values',
    (yaml: string) => yaml.replace('square({n})', 'square({m})'),
    /\{m\} is not in where.*\n.*\{n\} does not appear in call/s,
  ],
  ['a function without entry', (yaml: string) => yaml.replace('entry: [square]\n', ''), /kind function names in entry/],
  [
    'an output test in a function',
    (yaml: string) => yaml.replace('{ call: square(1), expect: "1", hidden: true }', '{ stdin: "1", stdout: "1" }'),
    /kind function needs a call/,
  ],
  [
    'an output longer than what is kept',
    (yaml: string) =>
      yaml
        .replace('kind: function', 'kind: file')
        .replace('{ call: square(1), expect: "1", hidden: true }', `{ stdin: "1", stdout: "${'x'.repeat(65_537)}" }`),
    /only 64 kB of an output are kept/,
  ],
])('%s is a mistake with its place', async (name, change, message) => {
  await expect(openBank(await changed(name.replaceAll(' ', '-'), change))).rejects.toThrow(message)
})

test('a line of a program is found in its own file, or in the exercise file where it is inline', async () => {
  const square = await readExercise(join(bankFolder, 'square'))
  expect(placeIn(square, ['reference'], 2)).toEqual({ path: join(bankFolder, 'square', 'reference.py'), line: 2 })
  const input = await readExercise(join(bankFolder, 'square-of-input', 'exercise.yaml'))
  const { path, line } = placeIn(input, ['reference'], 2)
  expect((await readFile(path, 'utf8')).split('\n')[line - 1]?.trim()).toBe('print(number ** 2)')
  expect(originOf({ ...square })).toBeUndefined()
})
