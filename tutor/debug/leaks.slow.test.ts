import { expect, test } from 'vitest'
import { openSandbox } from '../../platform/drivers/sandbox/pyodide.ts'
import { openBank } from '../exercise/bank.ts'
import { debugProgram } from './debug.ts'
import { leakedLines } from './leaks.ts'

const mostWords = 160

test('no hint of levels 1 to 3 for a mistake of the bank holds a line of a right program, and each has four short hints', async () => {
  await using sandbox = await openSandbox({ processes: 2 })
  const bank = await openBank()
  const tried = bank.list().flatMap(exercise => exercise.mistakes.map(({ file, names }) => ({ exercise, file, names })))
  const left = tried.values()
  const wrong: string[] = []
  const work = async (): Promise<void> => {
    for (const { exercise, file, names } of left) {
      const { hints, fix, verdict } = await debugProgram(file, exercise, sandbox, { seed: '0' })
      if (verdict === 'passed') continue
      const rights = [exercise.reference, ...exercise.alternatives, ...(fix === undefined ? [] : [fix.program])]
      const leaked = hints.slice(0, 3).flatMap(hint => leakedLines(hint, rights))
      const long = hints.filter(hint => hint.split(/\s+/u).length > mostWords)
      if (hints.length !== 4 || leaked.length > 0 || long.length > 0)
        wrong.push(
          `${exercise.id} ${names}: ${hints.length} hints, leaked ${JSON.stringify(leaked)}, ${long.length} long`,
        )
    }
  }
  await Promise.all([work(), work()])
  expect(tried.length).toBeGreaterThan(100)
  expect(wrong).toEqual([])
})
