import * as z from 'zod'
import { Enrolment, Roster } from '../../../schemas/api-classes.ts'
import { StudentId } from '../../../schemas/words.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAsStaff } from '../../tutoring/client.ts'
import { teacher } from '../../tutoring/fields.ts'
import { call, classField } from '../fields.ts'

const remove = defineScript({
  about: 'Takes a student out of a class, or their invitation back; inviting or importing them is the undo.',
  effect: 'changes',
  needs: ['platform'],
  input: z.object({
    student: StudentId.describe('who leaves it').meta({ positional: true }),
    class: classField,
    teacher,
  }),
  output: Enrolment.nullable(),
  async run({ student, class: id, teacher: name }, { config, dryRun }) {
    const { client } = await callerAsStaff(config, name, [id])
    const { students } = Roster.parse((await call(client, 'GET', `classes/${id}/students`)).body)
    const present = students.find(one => one.student_id === student)
    const summary = `${student} is not in ${id}`
    if (present === undefined) return { changed: 0, summary, data: null }
    const plan = [`take ${student} (${present.status}) out of ${id}`]
    if (dryRun) return { changed: 1, summary, data: null, plan }
    const path = `classes/${id}/students/${encodeURIComponent(student)}`
    return { changed: 1, summary, data: Enrolment.parse((await call(client, 'DELETE', path)).body), plan }
  },
})
export default remove
if (import.meta.main) await runAsMain(import.meta, remove)
