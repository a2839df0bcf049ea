import * as z from 'zod'
import { TriageResult } from '../../../schemas/api.ts'
import { Message } from '../../../schemas/words.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAs } from '../client.ts'
import { student } from '../fields.ts'
import { programFrom } from '../program.ts'
import { lastConversation, newConversation, say } from '../talk.ts'

const ask = defineScript({
  about:
    'Asks in the last conversation: the answer, or where it was routed when nobody answers. What is asked stays: no undo.',
  effect: 'changes',
  needs: ['platform'],
  quotes: true,
  input: z.object({
    message: Message.describe('what you want to know').meta({ positional: true }),
    code: z.string().min(1).optional().describe('the file of the program it is about').meta({ path: true }),
    new: z.boolean().default(false).describe('in a new conversation, not in the last one'),
    student,
  }),
  output: z.union([TriageResult, z.object({ agent: z.string(), result: z.unknown() })]).nullable(),
  async run({ message, code: file, new: fresh, student: wanted }, { config, dryRun }) {
    const { id, client } = await callerAs(config, wanted)
    const code = file === undefined ? null : await programFrom(file)
    if (dryRun) return { changed: 1, summary: `a question of ${id}`, data: null, plan: [`ask the platform as ${id}`] }
    const last = fresh ? undefined : await lastConversation(client)
    const { conversation_id } = last ?? (await newConversation(client))
    const { text, data, asked, failure } = await say(client, conversation_id, { text: message, code })
    return { changed: asked ? 1 : 0, summary: text, data, ...(failure === undefined ? {} : { failure }) }
  },
})
export default ask
if (import.meta.main) await runAsMain(import.meta, ask)
