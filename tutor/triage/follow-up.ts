import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'
import { type Conversation, type Intent, intents } from '../../schemas/words.ts'
import { kindOf, wordsOf } from './tokens.ts'

const FollowUp = z.strictObject({
  goes: z.enum(['last', ...intents]),
  says: z.array(z.string()).min(1).optional(),
  begins: z.array(z.string()).min(1).optional(),
})
/** A message without marks, in small letters and one spelling. */
export const plain = (text: string): string =>
  wordsOf(text)
    .filter(word => word !== '?' && word !== '!')
    .join(' ')
const listed = z.array(FollowUp).parse(parse(readFileSync(new URL('follow-ups.yaml', import.meta.url), 'utf8')))
const meanings = new Map(listed.flatMap(({ goes, says = [] }) => says.map(phrase => [plain(phrase), goes] as const)))
const beginnings = listed.flatMap(({ goes, begins = [] }) => begins.map(phrase => [`${plain(phrase)} `, goes] as const))
const longest = 60
/** How many words may follow a beginning, and those that may stand beside topics there. */
const mostWords = 4
const small = new Set('a an the in of with and or for my python this that while if else try und et y и'.split(' '))

/** The agent a conversation is with: the one that answered last, else the one that a verdict leads to. */
export function agentOf({ last_agent, last_exercise, last_verdict }: Conversation): Intent | null {
  const last = intents.find(intent => intent === last_agent)
  if (last !== undefined) return last
  if (last_verdict !== undefined && last_verdict !== null) return last_verdict === 'passed' ? 'exercise' : 'debug'
  return last_exercise !== undefined && last_exercise !== null ? 'exercise' : null
}

const idle = new Set(
  'ok okay so hm hmm well yes yeah and but um oh ah no hey please thanks though bro man sir then'.split(' '),
)

/** What a whole message means, also with words around it that say nothing: "ok and now?", "simpler please". */
function meaningOf(said: string): z.infer<typeof FollowUp>['goes'] | undefined {
  const words = said.split(' ')
  const first = words.findIndex(word => !idle.has(word))
  const last = words.findLastIndex(word => !idle.has(word))
  for (let from = 0; from <= Math.max(0, first); from += 1)
    for (let to = words.length; to > Math.max(last, from); to -= 1) {
      const goes = meanings.get(words.slice(from, to).join(' '))
      if (goes !== undefined) return goes
    }
  return undefined
}

/** Whether a message says nothing by itself, not even a topic. */
export const saysNothing = (prose: string): boolean => prose.length <= longest && meaningOf(plain(prose)) !== undefined

/** What a message without a content of its own means in a conversation; null for any other message. */
export function followUp(prose: string, conversation: Conversation): { intent: Intent; said: string } | null {
  if (prose.length > longest) return null
  const said = plain(prose)
  const goes = meaningOf(said) ?? begun(said)
  if (goes === undefined) return null
  const intent = goes === 'last' ? agentOf(conversation) : goes
  return intent === null ? null : { intent, said }
}

/** What a message means that goes on with another topic: "what about dicts?"; undefined where it says more than that. */
function begun(said: string): z.infer<typeof FollowUp>['goes'] | undefined {
  const [beginning, goes] = beginnings.find(([phrase]) => said.startsWith(phrase)) ?? []
  const rest = beginning === undefined ? [] : said.slice(beginning.length).split(' ')
  const topics = rest.filter(word => !small.has(word))
  const onlyTopics = topics.length > 0 && topics.every(word => kindOf(word) === '<topic>')
  return rest.length <= mostWords && onlyTopics ? goes : undefined
}
