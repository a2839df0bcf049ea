import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { openBank } from '../exercise/bank.ts'
import { debugProgram } from './debug.ts'
import { leakedLines } from './leaks.ts'

const mostWords = 160
/** Enough for the changes of likely lines: what is told does not depend on how long a fix is looked for. */
const searchWork = 100_000

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

/** A third of the mistakes, at least one, drawn anew in each run: all of them take ten minutes. */
const drawn = <Item>(items: readonly Item[]): Item[] => {
  const first = Math.floor(Math.random() * Math.min(3, items.length))
  return items.filter((_, at) => at % 3 === first)
}

const bank = await openBank()
const exercises = bank.list().map(exercise => ({ id: exercise.id, exercise }))

test.each(exercises)(
  'no hint of levels 1 to 3 for a mistake of $id holds a line of a right program',
  async ({ exercise }) => {
    const wrong: string[] = []
    for (const { file, names } of drawn(exercise.mistakes)) {
      const { hints, fix, verdict } = await debugProgram(file, exercise, sandbox, { seed: '0', searchWork })
      if (verdict === 'passed') continue
      const rights = [exercise.reference, ...exercise.alternatives, ...(fix === undefined ? [] : [fix.program])]
      const leaked = hints.slice(0, 3).flatMap(hint => leakedLines(hint, rights))
      const long = hints.filter(hint => hint.split(/\s+/u).length > mostWords)
      if (hints.length !== 4 || leaked.length > 0 || long.length > 0)
        wrong.push(`${names}: ${hints.length} hints, leaked ${JSON.stringify(leaked)}, ${long.length} long`)
    }
    expect(wrong).toEqual([])
  },
)

test('the bank has mistakes to try', () => {
  expect(exercises.flatMap(({ exercise }) => exercise.mistakes).length).toBeGreaterThan(100)
})
