import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { bankFolder } from '../tutor/exercise/bank.ts'
import { startStack, tokenFor } from './test-stack.ts'

const stack = await startStack()
afterAll(async () => stack[Symbol.asyncDispose]())
const { db } = stack.ports.history
const [teacher, colleague, student, operator] = [
  tokenFor('tess', 'teacher'),
  tokenFor('cole', 'teacher'),
  tokenFor('ann'),
  tokenFor('root', 'operator'),
]

/** An exercise as a teacher writes it, with the reference inside the file. */
const cube = ({ id = 'cube', version = 1, factor = 'n ** 3', expect: wanted = '"27"' } = {}): string => `id: ${id}
title: Cube a number
version: ${version}
module: basics
level: easy
kind: function
concepts: [arithmetic]
statement: Write \`cube(n)\`, which returns n * n * n.
entry: [cube]
reference: |
  def cube(n):
      return ${factor}
alternatives: [product.py]
mistakes:
  - { file: squared.py, names: wrong-operator }
tests:
  - { call: cube(3), expect: ${wanted} }
  - { call: cube(-2), expect: "-8" }
  - { call: cube(0), expect: "0", hidden: true }
`
const programs = {
  'product.py': 'def cube(n):\n    return n * n * n\n',
  'squared.py': 'def cube(n):\n    return n * n\n',
}
const add = async (token: string, text: string, files: Record<string, string> = programs) =>
  stack.call('POST', '/api/v1/exercises', { token, body: { text, programs: files } })
const rows = async () =>
  db.selectFrom('exercise').select(['exercise_id', 'version', 'owner']).orderBy('version').execute()
const audit = async () =>
  await db
    .selectFrom('audit')
    .select(['actor', 'action', 'subject'])
    .where('action', 'like', 'exercise.%')
    .orderBy('audit_id')
    .execute()

test('an exercise that fails its check is refused with every problem and its place, and not stored', async () => {
  expect(await add(teacher, cube({ expect: '"28"' }))).toMatchObject({
    status: 422,
    body: {
      code: 'EXERCISE_FAULTY',
      errors: expect.arrayContaining([
        { path: 'exercise.yaml', line: 17, message: expect.stringContaining('the reference gives 27 for cube(3)') },
      ]),
    },
  })
  expect(await add(teacher, cube(), { ...programs, 'squared.py': programs['product.py'] })).toMatchObject({
    status: 422,
    body: { errors: [{ line: 15, message: 'wrong-operator passes every test' }] },
  })
  expect(await add(teacher, cube().replace('level: easy', 'level: simple'), {})).toMatchObject({
    status: 422,
    body: { errors: [{ line: 5 }] },
  })
  expect(await add(teacher, cube(), {})).toMatchObject({
    status: 422,
    body: { errors: [{ message: expect.stringContaining('there is no file product.py') }, {}] },
  })
  expect(await add(student, cube())).toMatchObject({ status: 403 })
  expect(await rows()).toEqual([])
  expect(await audit()).toEqual([])
})

test('a checked exercise is listed and graded at once; a submission is graded under its own version', async () => {
  expect(await add(teacher, cube())).toMatchObject({
    status: 201,
    body: { id: 'cube', version: 1, owner: 'tess', created: true, mutants: { survivors: [] } },
  })
  expect(await add(teacher, cube())).toMatchObject({ status: 200, body: { created: false } })
  const { body } = await stack.call('GET', '/api/v1/exercises', { token: student })
  expect(body.exercises.map(({ id }: { id: string }) => id)).toContain('cube')
  expect((await stack.call('GET', '/api/v1/exercises/cube', { token: student })).body).toMatchObject({
    version: 1,
    tests: [{}, {}],
  })
  const code = 'def cube(n): return n * n * n'
  const graded = await stack.submit(student, { exercise_id: 'cube', code }, { prefer: 'wait=20' })
  expect(graded.body).toMatchObject({ status: 'done', grade: { verdict: 'passed', exercise_version: 1 } })

  const newer = cube({ version: 2, factor: '2 * n ** 3', expect: '"54"' }).replace('"-8"', '"-16"')
  const files = { 'product.py': 'def cube(n):\n    return 2 * n * n * n\n', 'squared.py': programs['squared.py'] }
  expect(await add(teacher, newer, files)).toMatchObject({ status: 201, body: { version: 2 } })
  const late = await stack.bank.find('cube', 1)
  expect(late.reference).toContain('return n ** 3')
  expect((await stack.bank.find('cube')).version).toBe(2)
  const again = await stack.submit(student, { exercise_id: 'cube', code }, { prefer: 'wait=20' })
  expect(again.body).toMatchObject({ grade: { verdict: 'failed', exercise_version: 2 } })
  expect(await rows()).toEqual([1, 2].map(version => ({ exercise_id: 'cube', version, owner: 'tess' })))
})

test('versions only grow, and only their owner or an operator adds, sees and retires them', async () => {
  expect(await add(teacher, cube({ factor: 'n * n * n' }))).toMatchObject({
    status: 409,
    body: { code: 'CONFLICT', hint: 'Set version: 3.' },
  })
  expect(await add(colleague, cube({ version: 3 }))).toMatchObject({ status: 403 })
  const square = await readFile(join(bankFolder, 'square', 'exercise.yaml'), 'utf8')
  const names = ['reference.py', 'power.py', 'absolute.py', 'doubled.py', 'printed.py', 'positive_only.py']
  const files = Object.fromEntries(
    await Promise.all(names.map(async name => [name, await readFile(join(bankFolder, 'square', name), 'utf8')])),
  )
  expect(await add(operator, square, files)).toMatchObject({
    status: 409,
    body: { detail: 'square is an exercise of the bank itself' },
  })
  expect(await stack.call('DELETE', '/api/v1/exercises/cube', { token: colleague })).toMatchObject({ status: 403 })
  expect(await stack.call('DELETE', '/api/v1/exercises/square', { token: operator })).toMatchObject({ status: 404 })
  expect(await stack.call('GET', '/api/v1/exercises/cube/versions', { token: teacher })).toMatchObject({
    status: 200,
    body: { versions: [{ version: 2, owner: 'tess', retired_at: null }, { version: 1 }] },
  })
})

test('a retired exercise accepts no programs, grades accepted ones, and returns when it is added again', async () => {
  expect(await stack.call('DELETE', '/api/v1/exercises/cube', { token: teacher })).toMatchObject({
    status: 200,
    body: { retired: true },
  })
  expect(await stack.call('DELETE', '/api/v1/exercises/cube', { token: teacher })).toMatchObject({ status: 200 })
  expect(await stack.submit(student, { exercise_id: 'cube', code: 'pass' })).toMatchObject({ status: 404 })
  expect((await stack.bank.find('cube', 1)).version).toBe(1)
  const standing = cube({ version: 2, factor: '2 * n ** 3', expect: '"54"' }).replace('"-8"', '"-16"')
  const doubled = { 'product.py': 'def cube(n):\n    return 2 * n * n * n\n', 'squared.py': programs['squared.py'] }
  const stands = { id: 'cube', version: 2, created: false }
  expect(await add(teacher, standing, doubled)).toMatchObject({ status: 200, body: { ...stands, restored: true } })
  expect(await add(teacher, standing, doubled)).toMatchObject({ status: 200, body: { ...stands, restored: false } })
  expect(await stack.submit(student, { exercise_id: 'cube', code: 'pass' })).toMatchObject({ status: 202 })
  const newer = cube({ version: 3 })
  expect(await add(teacher, newer)).toMatchObject({ status: 201, body: { version: 3 } })
  expect(await stack.submit(student, { exercise_id: 'cube', code: 'pass' })).toMatchObject({ status: 202 })
  expect(await audit()).toEqual([
    { actor: 'tess', action: 'exercise.add', subject: 'cube' },
    { actor: 'tess', action: 'exercise.add', subject: 'cube' },
    { actor: 'tess', action: 'exercise.retire', subject: 'cube' },
    { actor: 'tess', action: 'exercise.restore', subject: 'cube' },
    { actor: 'tess', action: 'exercise.add', subject: 'cube' },
  ])
})
