import * as z from 'zod'
import { callAsOperator, classField } from '../../rosters/fields.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { counted } from '../../../schemas/counted.ts'

const grades = defineScript({
  about: 'Gives the best grade of every student of a class for every assignment, and whether it came late, as CSV.',
  effect: 'reads',
  needs: ['platform'],
  input: z.object({ class: classField }),
  output: z.object({ class_id: z.string(), rows: z.number().int(), csv: z.string() }),
  async run({ class: id }, { config }) {
    const csv = z.string().parse((await callAsOperator(config, 'GET', `classes/${id}/grades.csv`)).body)
    const rows = csv.trim().split('\r\n').length - 1
    return {
      summary: `${id}: ${counted(rows, 'row')} of grades; learnflow classes grades --class ${id} prints them`,
      data: { class_id: id, rows, csv },
    }
  },
})
export default grades
if (import.meta.main) await runAsMain(import.meta, grades)
