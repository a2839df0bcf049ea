import { createHash } from 'node:crypto'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { memoize } from '../memoize.ts'
import { debugProgram } from './debug.ts'
import type { Debugged } from './debugged.ts'

/** So many findings are kept, so that all that is told of a program comes from the same look at it. */
const findings = memoize<Debugged>(500)

/** As `debugProgram`, which is not asked again about a program that this process has looked at lately. */
export async function debugRecalled(
  code: string,
  exercise: Exercise,
  sandbox: Sandbox,
  { seed, owner }: { seed: string; owner: string },
): Promise<Debugged> {
  const key = createHash('sha256')
    .update(JSON.stringify([exercise.id, exercise.version, seed, code]))
    .digest('hex')
  return findings(key, async () => debugProgram(code, exercise, sandbox, { seed, owner }))
}
