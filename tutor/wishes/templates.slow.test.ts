import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSandbox } from '../../platform/drivers/sandbox/pyodide.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { openBank } from '../exercise/bank.ts'
import { checkExercise } from '../exercise/check.ts'
import { isDistinct } from './distinct.ts'
import { fulfil } from './fulfil.ts'
import { readExerciseWish } from './read-wish.ts'
import { readTemplates } from './templates.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await openSandbox({ processes: 2 })
})
afterAll(async () => sandbox[Symbol.asyncDispose]())
const { templates } = await readTemplates()
const seeds = ['1', '2']

test('every template gives proven exercises for several seeds', { timeout: 300_000 }, async () => {
  const drawn = await Promise.all(templates.flatMap(({ draw }) => seeds.map(async seed => draw(seed, 'tess'))))
  const lanes = [0, 1].map(async lane => {
    for (const { exercise, values } of drawn.filter((_, at) => at % 2 === lane)) {
      const { problems } = await checkExercise(exercise, sandbox)
      expect(
        problems.map(({ message }) => message),
        `${exercise.id} with ${JSON.stringify(values)}`,
      ).toEqual([])
    }
  })
  await Promise.all(lanes)
})

test('no two exercises of any wish are alike', { timeout: 300_000 }, async () => {
  const bank = (await openBank()).list()
  for (const [at, text] of ['7 exercises on loops', '7 exercises on functions'].entries()) {
    const sources = {
      bank,
      templates,
      given: [],
      had: new Set<string>(),
      wished: new Set<string>(),
      owner: 'tess',
      seed: String(at),
      sandbox: () => sandbox,
    }
    const { offers, refused } = await fulfil(readExerciseWish(text), sources)
    expect([text, offers.length, refused]).toEqual([text, 7, []])
    for (const { exercise } of offers) {
      const others = offers.map(offer => offer.exercise).filter(other => other !== exercise)
      expect([exercise.id, await isDistinct(exercise, others, sandbox)]).toEqual([exercise.id, true])
    }
  }
})
