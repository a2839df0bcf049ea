import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { Grade } from '../../../schemas/api.ts'
import { ExerciseId } from '../../../schemas/words.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAs } from '../client.ts'
import { student } from '../fields.ts'
import { outcome } from '../outcome.ts'
import { programFrom } from '../program.ts'
import { teachersLines, verdictLines } from '../verdict.ts'

const submit = defineScript({
  about: 'Hands a program in and waits for its verdict. What was handed in stays: there is no undo.',
  effect: 'changes',
  needs: ['platform'],
  quotes: true,
  input: z.object({
    file: z.string().min(1).describe('the program; - is stdin').meta({ positional: true, path: true }),
    exercise: ExerciseId.describe('which exercise'),
    key: z.string().min(1).optional().describe('the same key never makes a second submission'),
    exit_zero: z.boolean().default(false).describe('exit 0 even when wrong'),
    student,
  }),
  output: Grade.nullable(),
  async run({ file, exercise, key = randomUUID(), exit_zero: exitZero, student: wanted }, { config, dryRun }) {
    const [{ id, client }, code] = [await callerAs(config, wanted), await programFrom(file)]
    const plan = [`hand ${file} in for ${exercise} as ${id}`]
    if (dryRun) return { changed: 1, summary: `a submission of ${id} for ${exercise}`, data: null, plan }
    const { request_id } = await client.submit(exercise, code, key)
    const state = await outcome(client, request_id)
    const { grade } = state
    if (grade === null)
      throw new PlatformError('INTERNAL', `request ${request_id} is done without a grade`, { hint: 'learnflow logs' })
    const quiz = grade.verdict === 'passed' ? ['learnflow quiz asks about it'] : []
    const summary = [...verdictLines(grade), ...teachersLines(state), ...quiz].join('\n')
    const failure = { code: 'CHECK_FAILED', message: summary, hint: 'Mend the program and hand it in again.' } as const
    return { changed: 1, summary, data: grade, ...(grade.verdict === 'passed' || exitZero ? {} : { failure }) }
  },
})
export default submit
if (import.meta.main) await runAsMain(import.meta, submit)
