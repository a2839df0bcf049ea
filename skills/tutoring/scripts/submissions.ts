import * as z from 'zod'
import { SubmissionPage } from '../../../schemas/api.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { apiAs } from '../client.ts'
import { limit, student } from '../fields.ts'

const submissions = defineScript({
  about: 'Lists what a student handed in, newest first.',
  effect: 'reads',
  needs: ['platform'],
  input: z.object({ student, limit: limit(10) }),
  output: SubmissionPage,
  async run({ student: id, limit: max }, { config, line }) {
    const page = await (await apiAs(config, id)).submissions({ limit: String(max) })
    for (const { submission_id, received_at, exercise_id, attempt, status, verdict } of page.submissions)
      line(`${received_at}  ${exercise_id} ${attempt}  ${verdict ?? status}  ${submission_id}`)
    const more = page.next === null ? '' : ', there are more: --limit'
    return { summary: `${page.submissions.length} submissions of ${id}${more}`, data: page }
  },
})
export default submissions
if (import.meta.main) await runAsMain(import.meta, submissions)
