import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'
import { type Conversation, type Intent, intents } from '../../schemas/words.ts'
import { wordsOf } from './tokens.ts'

const FollowUp = z.strictObject({ goes: z.enum(['last', ...intents]), says: z.array(z.string()).min(1) })
const plain = (text: string): string =>
  wordsOf(text)
    .filter(word => word !== '?' && word !== '!')
    .join(' ')
const meanings = new Map(
  z
    .array(FollowUp)
    .parse(parse(readFileSync(new URL('follow-ups.yaml', import.meta.url), 'utf8')))
    .flatMap(({ goes, says }) => says.map(phrase => [plain(phrase), goes] as const)),
)
const longest = 60

/** The agent a conversation is with: the one that answered last, else the one that a verdict leads to. */
export function agentOf({ last_agent, last_exercise, last_verdict }: Conversation): Intent | null {
  const last = intents.find(intent => intent === last_agent)
  if (last !== undefined) return last
  if (last_verdict !== undefined && last_verdict !== null) return last_verdict === 'passed' ? 'exercise' : 'debug'
  return last_exercise !== undefined && last_exercise !== null ? 'exercise' : null
}

/** What a message without a content of its own means in a conversation; null for any other message. */
export function followUp(prose: string, conversation: Conversation): { intent: Intent; said: string } | null {
  if (prose.length > longest) return null
  const said = plain(prose)
  const goes = meanings.get(said)
  if (goes === undefined) return null
  const intent = goes === 'last' ? agentOf(conversation) : goes
  return intent === null ? null : { intent, said }
}
