import * as z from 'zod'
import { RequestState } from '../../../schemas/api.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAs } from '../client.ts'
import { student } from '../fields.ts'
import { teachersLines, verdictLines } from '../verdict.ts'

const submission = defineScript({
  about: 'Shows the grade of a program that was handed in before, and what teachers wrote about it.',
  effect: 'reads',
  needs: ['platform'],
  quotes: true,
  input: z.object({ id: z.uuid().describe('from submissions').meta({ positional: true }), student }),
  output: RequestState,
  async run({ id, student: owner }, { config }) {
    const state = await (await callerAs(config, owner)).client.request(id)
    const { grade, status, error } = state
    const words = error === null ? `${id} is ${status}` : `${id} ${status}: ${error.message}`
    const lines = [...(grade === null ? [words] : verdictLines(grade)), ...teachersLines(state)]
    return { summary: lines.join('\n'), data: state }
  },
})
export default submission
if (import.meta.main) await runAsMain(import.meta, submission)
