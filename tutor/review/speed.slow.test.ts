import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bankFolder } from '../exercise/bank.ts'
import { reviewProgram } from './review.ts'

/** In ms; the clock of a thread's processor time moves in steps of some ms on some systems, so the mean says most. */
const processorTime = (work: () => void): number => {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

test('prints the processor time that a review of each program of the bank takes, warm and without running it', () => {
  const programs = globSync(join(bankFolder, '*', '*.py')).map(file => readFileSync(file, 'utf8'))
  const timed = (program: string): number =>
    processorTime(() => expect(reviewProgram(program, { level: 'advanced' }).quality).toBeGreaterThan(0))
  const [first = 0] = programs.map(timed)
  for (let pass = 0; pass < 2; pass += 1) programs.forEach(timed)
  const warm = programs.map(timed).toSorted((one, other) => one - other)
  const mean = warm.reduce((sum, one) => sum + one, 0) / warm.length
  const p99 = warm[Math.floor(0.99 * warm.length)] ?? Number.NaN
  console.log(`review: the first ${first.toFixed(0)} ms, then mean ${mean.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`)
})
