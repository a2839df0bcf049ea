import * as z from 'zod'
import { counted } from '../../../schemas/counted.ts'
import { AssignmentList } from '../../../schemas/api-classes.ts'
import { refusalOf } from '../../../api/client.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAs } from '../client.ts'
import { student } from '../fields.ts'

const words = {
  open: 'not tried',
  tried: 'tried, not passed',
  passed: 'passed',
  passed_late: 'passed, late',
  overdue: 'overdue',
} as const

const assignments = defineScript({
  about: 'Lists what is assigned to a student, by when, and how it stands.',
  effect: 'reads',
  needs: ['platform'],
  input: z.object({ student }),
  output: AssignmentList,
  async run({ student: wanted }, { config, line }) {
    const { id, client } = await callerAs(config, wanted)
    const reply = await client.raw('GET', '/api/v1/assignments')
    if (reply.status >= 400) throw refusalOf(reply)
    const list = AssignmentList.parse(reply.body)
    const numbered = [...new Set(list.assignments.map(({ exercise_id }) => exercise_id))]
    for (const { exercise_id, class_id, due, standing } of list.assignments) {
      const until = due === null ? 'no due time' : `due ${due}`
      line(`${numbered.indexOf(exercise_id) + 1}. ${exercise_id} (${class_id})  ${until}  ${words[standing ?? 'open']}`)
    }
    const left = list.assignments.filter(({ standing }) => standing !== 'passed' && standing !== 'passed_late').length
    return { summary: `${counted(list.assignments.length, 'assignment')} of ${id}, ${left} to do`, data: list }
  },
})
export default assignments
if (import.meta.main) await runAsMain(import.meta, assignments)
