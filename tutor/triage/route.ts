import { type AgentName, type Intent, intents } from '../../schemas/words.ts'
import { featuresOf } from './features.ts'
import { readMessage } from './message.ts'
import table from './table.json' with { type: 'json' }

/**
 * `confidence` 0-1; `agent` is null when the message is off topic or too unclear to route: then ask the student again.
 */
export interface Route {
  agent: AgentName | null
  intent: Intent
  confidence: number
  reason: string
  /** The other intents, likeliest first. With `confidence` they sum to 1. */
  alternatives: { intent: Intent; confidence: number }[]
}

const askBackBelow = 0.5
const weights = new Map<string, readonly number[]>(Object.entries(table.weights))

/**
 * The agent that should answer a message. Pure: a weighted sum of the message's features for each intent, and the
 * softmax of the sums. Accepts any text, including an empty one.
 */
export function route(text: string): Route {
  const features = featuresOf(readMessage(text))
  const ranked = probabilities(features).toSorted((a, b) => b.confidence - a.confidence)
  const [best = { intent: 'other' as const, confidence: 1 }, ...alternatives] = ranked
  const agent = best.intent === 'other' || best.confidence < askBackBelow ? null : best.intent
  return { agent, ...best, reason: reasonFor(features, best.intent, agent), alternatives }
}

function probabilities(features: ReadonlySet<string>): { intent: Intent; confidence: number }[] {
  const sums = table.bias.slice()
  for (const name of features) {
    for (const [at, weight] of (weights.get(name) ?? []).entries()) sums[at] = (sums[at] ?? 0) + weight
  }
  const highest = Math.max(...sums)
  const powers = sums.map(sum => Math.exp(sum - highest))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return intents.map((intent, at) => ({ intent, confidence: (powers[at] ?? 0) / total }))
}

/** The three features that weigh most for the intent, or what is missing. */
function reasonFor(features: ReadonlySet<string>, intent: Intent, agent: AgentName | null): string {
  const at = intents.indexOf(intent)
  const strongest = [...features]
    .map(name => ({ name, weight: weights.get(name)?.[at] ?? 0 }))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, 3)
    .map(({ name }) => name.replace(/^[w1b]:(.*)$/, '"$1"').replace(/^\+|\^$/g, ''))
  const because = strongest.length === 0 ? 'nothing in it speaks for one agent' : [...new Set(strongest)].join(', ')
  if (agent !== null) return because
  return intent === 'other' ? `off topic: ${because}` : `unclear, perhaps ${intent}: ${because}`
}
