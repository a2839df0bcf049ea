import * as z from 'zod'
import { Roster } from '../../../schemas/api-classes.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callAsOperator, classField } from '../fields.ts'

const list = defineScript({
  about: 'Lists who has joined a class, who is enrolled but not seen yet, and who is invited.',
  effect: 'reads',
  needs: ['platform'],
  input: z.object({ class: classField }),
  output: Roster,
  async run({ class: id }, { config, line }) {
    const roster = Roster.parse((await callAsOperator(config, 'GET', `classes/${id}/students`)).body)
    for (const { student_id, status } of roster.students) line(`${status}  ${student_id}`)
    const count = (status: string): number => roster.students.filter(one => one.status === status).length
    return {
      summary: `${id}: ${count('joined')} joined, ${count('pending')} pending, ${count('invited')} invited`,
      data: roster,
    }
  },
})
export default list
if (import.meta.main) await runAsMain(import.meta, list)
