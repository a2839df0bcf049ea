import type { AgentName, Conversation, Intent } from '../../schemas/words.ts'
import { type MessageReading, readMessage } from '../message/read-message.ts'
import { featuresOf } from './features.ts'
import { agentOf, followUp } from './follow-up.ts'
import { type Likelihood, likelihoods } from './model.ts'
import { reasonFor } from './reason.ts'
import { sureFrom } from './threshold.ts'

/**
 * `confidence` 0-1; `agent` is null when the message is off topic or too unclear to route: then ask the student again,
 * with the first `alternatives`. `intents` are what it wants, likelier first: one or two, none when it is off topic.
 * `language` is a BCP 47 tag. `reason` names the words that decided.
 */
export interface Route extends Likelihood {
  agent: AgentName | null
  reason: string
  intents: Intent[]
  language: string
  /** The other intents, likeliest first. With `confidence` they sum to 1. */
  alternatives: Likelihood[]
}
/** What may come with a message: a program, and what went before. */
export interface Beside {
  code?: string | null | undefined
  context?: Conversation | null | undefined
}

const longest = 8_000
const certain = 0.95
const alsoWanted = 0.25
/** How much likelier the agent of the conversation is for a message that says little by itself. */
const heldOver = 3
/** How much likelier debug is where an error is shown: rule 1 of the labels, which decides even about other words. */
const errorShown = 100

/**
 * The agent that should answer a message. Pure: a weighted sum of the message's features for each intent, and the
 * softmax of the sums; what has no content of its own goes by the conversation. Accepts any text, including an empty
 * one; looks at its first 8,000 characters.
 */
export function route(text: string, { code = null, context }: Beside = {}): Route {
  const looked = text.slice(0, longest)
  const message = readMessage(looked, { code: code === null ? null : code.slice(0, longest) })
  const features = featuresOf(looked, message)
  const conversation = context ?? {}
  const follows = code === null ? followUp(message.prose, conversation) : null
  const ranked =
    follows === null ? inConversation(judge(features), message, conversation) : settled(features, follows.intent)
  const [best = { intent: 'other' as const, confidence: 1 }, ...alternatives] = ranked
  const agent = best.intent === 'other' || best.confidence < sureFrom ? null : best.intent
  const reason =
    follows === null
      ? reasonFor(features, message, best.intent, agent === null)
      : `"${follows.said}" after what went before`
  const wanted =
    follows === null ? intentsOf(looked, message, ranked) : [best.intent].filter(intent => intent !== 'other')
  return { agent, ...best, reason, intents: wanted, language: message.language, alternatives }
}

/** The likelihoods of the model; what Python or a test runner printed about a failure makes debug likelier. */
function judge(features: ReadonlySet<string>): Likelihood[] {
  const ranked = likelihoods(features)
  return features.has('+traceback') ? raise(ranked, 'debug', errorShown) : ranked
}

function raise(ranked: readonly Likelihood[], intent: Intent, times: number): Likelihood[] {
  const raised = ranked.map(one => (one.intent === intent ? { ...one, confidence: one.confidence * times } : one))
  const total = raised.reduce((sum, { confidence }) => sum + confidence, 0)
  return raised
    .map(one => ({ ...one, confidence: one.confidence / total }))
    .toSorted((a, b) => b.confidence - a.confidence)
}

/** The likelihoods with one intent certain. */
function settled(features: ReadonlySet<string>, intent: Intent): Likelihood[] {
  const others = likelihoods(features).filter(one => one.intent !== intent)
  const rest = others.reduce((sum, { confidence }) => sum + confidence, 0)
  const share = (1 - certain) / Math.max(rest, 1e-12)
  const scaled = others.map(one => ({ ...one, confidence: one.confidence * share }))
  const total = scaled.reduce((sum, { confidence }) => sum + confidence, 0)
  return [{ intent, confidence: 1 - total }, ...scaled]
}

/** A short message that is unclear by itself goes rather to the agent that the conversation is with. */
function inConversation(
  ranked: Likelihood[],
  { prose, code }: MessageReading,
  conversation: Conversation,
): Likelihood[] {
  const agent = agentOf(conversation)
  const unclear = (ranked[0]?.confidence ?? 0) < sureFrom && prose.length < 60 && code === ''
  if (agent === null || !unclear) return ranked
  return raise(ranked, agent, heldOver)
}

/** The likeliest intent and a second one, where the message as a whole or one of its questions asks for it too. */
function intentsOf(text: string, message: MessageReading, [best, ...others]: readonly Likelihood[]): Intent[] {
  if (best === undefined || best.intent === 'other') return []
  const asked = new Set(
    asksOf(message.code === '' ? text : message.prose).flatMap(ask => {
      const [first] = judge(featuresOf(ask, readMessage(ask)))
      return first !== undefined && first.confidence >= sureFrom ? [first.intent] : []
    }),
  )
  const second = others.find(
    ({ intent, confidence }) => intent !== 'other' && (confidence >= alsoWanted || asked.has(intent)),
  )
  return second === undefined ? [best.intent] : [best.intent, second.intent]
}

/** What a short message asks, taken apart; nothing where it is one sentence or a long story. */
function asksOf(said: string): string[] {
  if (said.length > 500) return []
  const parts = said
    .split(
      /\n+|(?<=[?!.;？。])\s+|,? (?:and )?(?:also|plus|then|besides|btw|by the way),? | (?:once|when) (?:that|thats|that's) /i,
    )
    .map(part => part.trim())
    .filter(part => part.length >= 12)
  return parts.length < 2 ? [] : parts.slice(0, 5)
}
