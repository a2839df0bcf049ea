import * as z from 'zod'
import { Enrolment } from '../../../schemas/api-classes.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAs } from '../../tutoring/client.ts'
import { student } from '../../tutoring/fields.ts'
import { call } from '../fields.ts'

const join = defineScript({
  about: 'Joins a class as a student with the code of its teacher; leaving it is the undo.',
  effect: 'changes',
  needs: ['platform'],
  input: z.object({ code: z.string().min(1).max(64).describe('from the teacher').meta({ positional: true }), student }),
  output: Enrolment.nullable(),
  async run({ code, student: wanted }, { config, dryRun }) {
    const { id, client } = await callerAs(config, wanted)
    if (dryRun) return { changed: 1, summary: `${id} joins a class`, data: null, plan: [`join with ${code}`] }
    const reply = await call(client, 'POST', 'memberships', { code })
    const joined = Enrolment.parse(reply.body)
    return { changed: reply.status === 201 ? 1 : 0, summary: `${id} is in ${joined.class_id}`, data: joined }
  },
})
export default join
if (import.meta.main) await runAsMain(import.meta, join)
