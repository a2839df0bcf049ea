import * as z from 'zod'
import { counted } from '../../../schemas/counted.ts'
import { ClassProgress } from '../../../schemas/api-classes.ts'
import { callAsOperator, classField } from '../../rosters/fields.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { dueWords } from '../due.ts'

const assignments = defineScript({
  about: 'Lists what is assigned to a class, by when, and how many have tried it, passed it and passed it late.',
  effect: 'reads',
  needs: ['platform'],
  input: z.object({ class: classField }),
  output: ClassProgress.pick({ class_id: true, assignments: true }),
  async run({ class: id }, { config, line }) {
    const progress = ClassProgress.parse((await callAsOperator(config, 'GET', `classes/${id}/progress`)).body)
    for (const { exercise_id, due, tried, passed, passed_late } of progress.assignments)
      line(`${exercise_id}  ${dueWords(due)}  ${tried} tried, ${passed} passed, ${passed_late} of them late`)
    return { summary: `${id}: ${counted(progress.assignments.length, 'assignment')}`, data: progress }
  },
})
export default assignments
if (import.meta.main) await runAsMain(import.meta, assignments)
