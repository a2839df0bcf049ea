import * as z from 'zod'
import { Invitation } from '../../../schemas/api-classes.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callAsOperator, classField } from '../fields.ts'
import { counted } from '../../../schemas/counted.ts'

const invite = defineScript({
  about: 'Makes a code with which students join a class; it expires by itself, so there is no undo.',
  effect: 'changes',
  needs: ['platform'],
  input: z.object({
    class: classField,
    days: z.number().int().min(1).max(365).default(14).describe('until it expires'),
  }),
  output: Invitation.nullable(),
  async run({ class: id, days }, { config, dryRun }) {
    if (dryRun) return { changed: 1, summary: `a code for ${id}`, data: null, plan: [`make a code for ${id}`] }
    const made = Invitation.parse((await callAsOperator(config, 'POST', `classes/${id}/invitations`, { days })).body)
    return { changed: 1, summary: `${made.code} joins ${id} for ${counted(days, 'day')}`, data: made }
  },
})
export default invite
if (import.meta.main) await runAsMain(import.meta, invite)
