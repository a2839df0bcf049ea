import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { root } from '../verify/test-platform.ts'

const BankExercise = z.object({
  id: z.string(),
  reference: z.string(),
  alternatives: z.array(z.string()).default([]),
  mistakes: z.array(z.object({ file: z.string() })).default([]),
})

/** A right or a wrong program of the bank; `file` is a name of its own. */
export interface BankProgram {
  exercise: string
  file: string
  right: boolean
  code: string
}

/** The solutions and the known mistakes of every exercise of the bank. */
export async function bankPrograms(): Promise<BankProgram[]> {
  const bank = join(root, 'exercises', 'bank')
  const programs: BankProgram[] = []
  for (const name of await readdir(bank)) {
    const exercise = BankExercise.parse(parse(await readFile(join(bank, name, 'exercise.yaml'), 'utf8')))
    const right = [exercise.reference, ...exercise.alternatives]
    for (const [at, source] of [...right, ...exercise.mistakes.map(({ file }) => file)].entries())
      programs.push({
        exercise: exercise.id,
        file: `${exercise.id}-${at}.py`,
        right: at < right.length,
        code: source.endsWith('.py') ? await readFile(join(bank, name, source), 'utf8') : source,
      })
  }
  return programs
}
