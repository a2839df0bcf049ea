import * as z from 'zod'
import { ExerciseView } from '../../../schemas/api.ts'
import { Assignment, AssignmentList, AssignmentRequest } from '../../../schemas/api-classes.ts'
import { ExerciseId } from '../../../schemas/words.ts'
import { call, classField } from '../../rosters/fields.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAsStaff } from '../../tutoring/client.ts'
import { teacher } from '../../tutoring/fields.ts'
import { dueWords } from '../due.ts'

const assign = defineScript({
  about: 'Assigns an exercise to a class, or moves its due time; with undo it is taken back.',
  effect: 'changes',
  needs: ['platform'],
  input: z.object({
    exercise: ExerciseId.describe('from exercises').meta({ positional: true }),
    class: classField,
    due: AssignmentRequest.shape.due.unwrap().unwrap().optional().describe('an ISO time with its zone'),
    undo: z.boolean().default(false).describe('take it back'),
    teacher,
  }),
  output: Assignment.pick({ assignment_id: true, exercise_version: true, due: true }).nullable(),
  async run({ exercise: exercise_id, class: class_id, due, undo, teacher: name }, { config, dryRun }) {
    const { client } = await callerAsStaff(config, name, [class_id])
    const ask = async (method: string, path: string, body?: unknown): Promise<unknown> =>
      (await call(client, method, path, body)).body
    const { assignments } = AssignmentList.parse(await ask('GET', 'assignments'))
    const present = assignments.find(one => one.class_id === class_id && one.exercise_id === exercise_id) ?? null
    if (undo) {
      const summary = `${exercise_id} is not assigned to ${class_id}`
      if (present === null) return { changed: 0, summary, data: null }
      if (!dryRun) await ask('DELETE', `assignments/${present.assignment_id}`)
      return { changed: 1, summary, data: present, plan: [`take ${exercise_id} back from ${class_id}`] }
    }
    const until = due === undefined ? null : new Date(due).toISOString()
    const { version } = ExerciseView.parse(await ask('GET', `exercises/${exercise_id}`))
    const summary = `${exercise_id} is assigned to ${class_id}, ${dueWords(until)}`
    if (present?.due === until && present.exercise_version === version) return { changed: 0, summary, data: present }
    const before = present === null ? '' : `, before: ${dueWords(present.due)}`
    const plan = [`assign ${exercise_id} to ${class_id}, ${dueWords(until)}${before}`]
    if (dryRun) return { changed: 1, summary, data: present, plan }
    const made = Assignment.parse(await ask('POST', 'assignments', { class_id, exercise_id, due: until }))
    return { changed: 1, summary, data: made, plan }
  },
})
export default assign
if (import.meta.main) await runAsMain(import.meta, assign)
