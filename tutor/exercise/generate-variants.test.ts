import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { gradeProgram } from '../grade/grade.ts'
import { exerciseFrom, readExercise } from './parse-exercise.ts'
import { distanceBetween, generateVariants } from './generate-variants.ts'

const template = join(import.meta.dirname, '..', '..', 'exercises', 'templates', 'group-price.yaml')
let sandbox: Sandbox
let folder: string
beforeAll(async () => {
  sandbox = await sharedSandbox()
  folder = await mkdtemp(join(tmpdir(), 'learnflow-vary-'))
})
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const changed = async (name: string, change: (text: string) => string): Promise<string> => {
  await writeFile(join(folder, name), change(await readFile(template, 'utf8')))
  return join(folder, name)
}

test('a template gives proven exercises, the same ones for the same seed, and no two alike', async () => {
  const [four, again, others] = await Promise.all(
    ['a', 'a', 'b'].map(async seed => generateVariants(template, { count: 4, seed }, sandbox)),
  )
  expect(again).toEqual(four)
  expect(others?.map(({ values }) => values)).not.toEqual(four?.map(({ values }) => values))
  const exercises = (four ?? []).map(({ exercise }) => exercise)
  expect(exercises.map(({ id }) => id)).toEqual([1, 2, 3, 4].map(number => `group-price-${number}`))
  for (const [at, one] of exercises.entries())
    for (const other of exercises.slice(at + 1)) expect(distanceBetween(one, other)).toBeGreaterThan(0.1)
  for (const { mutants } of four ?? []) expect(mutants).toMatchObject({ survivors: [] })
  for (const { statement, reference } of exercises) expect(`${statement}${reference}`).not.toContain('<<')
})

test('the text of a variant is an exercise file of its own, which grades as the variant does', async () => {
  const [variant] = await generateVariants(template, { count: 1, seed: 'c' }, sandbox)
  const read = await exerciseFrom(variant?.text ?? '', 'exercise.yaml', async name => variant?.programs[name])
  expect(read).toEqual({ exercise: variant?.exercise })
  if (!('exercise' in read)) throw new Error('it is no exercise')
  expect((await gradeProgram(read.exercise.reference, read.exercise, sandbox, { seed: '1' })).verdict).toBe('passed')
})

test('a template is no exercise itself', async () => {
  await expect(readExercise(template)).rejects.toThrow('it has places without values')
})

test('too few variants are counted, and a variant that fails its proof is named with its values', async () => {
  const few = await changed('few.yaml', text =>
    text.replace(/place: .*/, 'place: { pick: [zoo] }').replace(/\[4, 19\]|\[8, 25\]|\[1, 3\]/g, '[9, 9]'),
  )
  await expect(generateVariants(few, { count: 2, seed: '0' }, sandbox)).rejects.toMatchObject({
    code: 'CHECK_FAILED',
    message: expect.stringContaining('only 1 variants'),
  })
  const wrong = await changed('wrong.yaml', text =>
    text.replace('expect: "<<price>>"', 'expect: "5"').replace('[4, 19]', '[6, 19]'),
  )
  await expect(generateVariants(wrong, { count: 1, seed: '0' }, sandbox)).rejects.toMatchObject({
    code: 'EXERCISE_FAULTY',
    message: expect.stringMatching(/with \{"place"/),
  })
  const none = await changed('none.yaml', text => text.replace(/variants:\n(?: {2}.*\n)+?statement/, 'statement'))
  await expect(generateVariants(none, { count: 1, seed: '0' }, sandbox)).rejects.toMatchObject({
    code: 'EXERCISE_FAULTY',
  })
})
