import * as z from 'zod'
import { SubmissionPage } from '../../../schemas/api.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAs } from '../client.ts'
import { limit, student } from '../fields.ts'
import { rowsOf } from '../pages.ts'
import { lateWords } from '../verdict.ts'
import { counted } from '../../../schemas/counted.ts'

const submissions = defineScript({
  about: 'Lists what a student handed in, newest first.',
  effect: 'reads',
  needs: ['platform'],
  input: z.object({ student, limit: limit(10) }),
  output: SubmissionPage,
  async run({ student: wanted, limit: max }, { config, line }) {
    const { id, client } = await callerAs(config, wanted)
    const { rows: found, next } = await rowsOf(max, async query => {
      const page = await client.submissions(query)
      return { rows: page.submissions, next: page.next }
    })
    for (const { submission_id, received_at, exercise_id, attempt, status, verdict, ...more } of found)
      line(
        [`${received_at}  ${exercise_id} ${attempt}  ${verdict ?? status}  ${submission_id}`, ...remarks(more)].join(
          '  ',
        ),
      )
    const others = next === null ? '' : ', there are more: --limit'
    return { summary: `${counted(found.length, 'submission')} of ${id}${others}`, data: { submissions: found, next } }
  },
})

const remarks = ({ late_for, comments }: { late_for: readonly string[]; comments: number }): string[] => [
  ...(late_for.length === 0 ? [] : [lateWords(late_for)]),
  ...(comments === 0 ? [] : [counted(comments, 'comment')]),
]
export default submissions
if (import.meta.main) await runAsMain(import.meta, submissions)
