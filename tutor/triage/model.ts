import { readFileSync } from 'node:fs'
import { type Intent, intents } from '../../schemas/words.ts'

/** A share of certainty, 0-1, for an intent. */
export interface Likelihood {
  intent: Intent
  confidence: number
}

/**
 * The weights of the features, from `weights.tsv`, which `train.ts` writes: a line each, the name and for each intent,
 * in the order of `intents`, hundredths. The bias is the line of the name ``.
 */
function readWeights(): ReadonlyMap<string, readonly number[]> {
  const lines = readFileSync(new URL('weights.tsv', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
  return new Map(
    lines.map(line => {
      const [name = '', numbers = ''] = line.split('\t')
      return [name, numbers.split(' ').map(number => Number(number) / 100)]
    }),
  )
}

const weights = readWeights()

/** How much a feature speaks for an intent: above 0 for it, below against it. */
export const weightOf = (name: string, intent: Intent): number => weights.get(name)?.[intents.indexOf(intent)] ?? 0

/** How likely each intent is, likeliest first, summing to 1: the softmax of the sums of the features' weights. */
export function likelihoods(features: Iterable<string>): Likelihood[] {
  const sums = (weights.get('') ?? []).slice()
  for (const name of features)
    for (const [at, weight] of (weights.get(name) ?? []).entries()) sums[at] = (sums[at] ?? 0) + weight
  const highest = Math.max(...sums)
  const powers = sums.map(sum => Math.exp(sum - highest))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return intents
    .map((intent, at) => ({ intent, confidence: (powers[at] ?? 0) / total }))
    .toSorted((a, b) => b.confidence - a.confidence)
}
