import * as z from 'zod'
import { TriageResult } from '../../../schemas/api.ts'
import { Message } from '../../../schemas/words.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAs } from '../client.ts'
import { student } from '../fields.ts'
import { outcome } from '../outcome.ts'
import { programFrom } from '../program.ts'

const ask = defineScript({
  about:
    'Asks a question: the answer, or where it was routed when nobody answers it. A question stays; it has no undo.',
  effect: 'changes',
  needs: ['platform'],
  quotes: true,
  input: z.object({
    message: Message.describe('what you want to know').meta({ positional: true }),
    code: z.string().min(1).optional().describe('the file of the program it is about').meta({ path: true }),
    student,
  }),
  output: z.union([TriageResult, z.object({ agent: z.string(), result: z.unknown() })]).nullable(),
  async run({ message, code: file, student: wanted }, { config, dryRun }) {
    const { id, client } = await callerAs(config, wanted)
    const code = file === undefined ? null : await programFrom(file)
    if (dryRun) return { changed: 1, summary: `a question of ${id}`, data: null, plan: [`ask the platform as ${id}`] }
    const reply = await client.ask(message, code)
    if ('route' in reply) return routed(reply)
    const { agent, result } = 'result' in reply ? reply : await outcome(client, reply.request_id)
    const text = (result as { text?: string } | null)?.text ?? JSON.stringify(result)
    return { changed: 1, summary: `${agent}: ${text}`, data: { agent, result } }
  },
})

/** Where it was routed; when that agent is not deployed it is a failure. */
function routed(reply: z.infer<typeof TriageResult>) {
  const { route, hint, code, answer } = reply
  if (answer !== null) return { changed: 0, summary: answer, data: reply }
  const facts =
    route === null ? 'no agent' : `${route.agent ?? 'no agent'}, ${route.intent} ${route.confidence.toFixed(2)}`
  const absent = code === 'AGENT_ABSENT' ? { failure: { code, message: facts, hint } as const } : {}
  return { changed: 1, summary: `${facts}: ${hint}`, data: reply, ...absent }
}
export default ask
if (import.meta.main) await runAsMain(import.meta, ask)
