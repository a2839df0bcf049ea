import * as z from 'zod'
import { TaughtClasses } from '../../../schemas/api-classes.ts'
import { callAsOperator } from '../../rosters/fields.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { counted } from '../../../schemas/counted.ts'

const classes = defineScript({
  about: 'Lists the classes, with how many students have joined and how many exercises are assigned.',
  effect: 'reads',
  needs: ['platform'],
  input: z.object({}),
  output: TaughtClasses,
  async run(_input, { config, line }) {
    const list = TaughtClasses.parse((await callAsOperator(config, 'GET', 'classes')).body)
    for (const { class_id, students, assignments } of list.classes)
      line(`${class_id}  ${counted(students, 'student')}  ${counted(assignments, 'assignment')}`)
    return { summary: counted(list.classes.length, 'class'), data: list }
  },
})
export default classes
if (import.meta.main) await runAsMain(import.meta, classes)
