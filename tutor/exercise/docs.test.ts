import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { ExerciseFile } from '../../schemas/exercise.ts'
import { checkExercise } from './check.ts'
import { newExerciseText, newReference } from './new-exercise.ts'
import { exerciseFrom } from './parse-exercise.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'exercises.md'), 'utf8')
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => parse(text) as object)
const [first = {}] = blocks

test.each(blocks.map((block, at) => [at + 1, block]))(
  'example %i of the page for teachers is proven',
  async (_, block) => {
    const { mistakes: _mistakes, generate: _generate, ...base } = first as Record<string, unknown>
    const exercise = ExerciseFile.parse(block === first ? first : { ...base, ...block })
    expect((await checkExercise(exercise, sandbox)).problems).toEqual([])
  },
)

test('a new exercise is proven as it is written', async () => {
  const read = await exerciseFrom(newExerciseText('my-first'), 'exercise.yaml', async () => newReference)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  expect(await checkExercise(read.exercise, sandbox)).toMatchObject({ ok: true, problems: [] })
})
