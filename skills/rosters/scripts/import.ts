import * as z from 'zod'
import { Roster, RosterImported } from '../../../schemas/api-classes.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callAsOperator, classField } from '../fields.ts'
import { readRoster } from '../roster-file.ts'

const importRoster = defineScript({
  about: 'Enrols the students of a CSV or JSON file into a class, all or none; removing one from it is the undo.',
  effect: 'changes',
  needs: ['platform'],
  input: z.object({
    file: z.string().min(1).describe('a list of student ids').meta({ positional: true, path: true }),
    class: classField,
  }),
  output: RosterImported,
  async run({ file, class: id }, { config, dryRun }) {
    const ids = [...new Set(await readRoster(file))]
    if (dryRun) {
      const { students } = Roster.parse((await callAsOperator(config, 'GET', `classes/${id}/students`)).body)
      const present = new Set(students.filter(one => one.status !== 'invited').map(one => one.student_id))
      const missing = ids.filter(one => !present.has(one))
      return {
        changed: missing.length,
        summary: `enrol ${missing.length} of ${ids.length} students in ${id}`,
        data: { class_id: id, enrolled: missing.length, unchanged: ids.length - missing.length, pending: 0 },
        plan: missing.map(one => `enrol ${one}`),
      }
    }
    const made = RosterImported.parse(
      (await callAsOperator(config, 'POST', `classes/${id}/students`, { students: ids })).body,
    )
    return {
      changed: made.enrolled,
      summary: `${id}: enrolled ${made.enrolled} of ${ids.length}, ${made.pending} not seen yet`,
      data: made,
    }
  },
})
export default importRoster
if (import.meta.main) await runAsMain(import.meta, importRoster)
