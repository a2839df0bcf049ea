/** A message to learn from: its features, the number of its intent, and how much it counts. */
export interface Row {
  features: readonly string[]
  label: number
  weight: number
}
/** Weights by feature name, `classes` numbers each; the bias is the weight of ``. */
export type Model = Map<string, readonly number[]>

const rounds = 150
const step = 0.3
/** How strongly the weights of a group of features are drawn to zero: words, of which each is rare, more than cues. */
const pulls: Record<string, number> = { '+': 0.00035, cue: 0.00035, 'cue^': 0.00035, b: 0.0018, b2: 0.0021, c: 0.0021 }
const pullOf = (name: string): number =>
  pulls[name.startsWith('+') ? '+' : name.slice(0, Math.max(0, name.indexOf(':')))] ?? 0.0014

/**
 * Multinomial logistic regression with L2, by full-batch gradient steps scaled for each weight (Adagrad). Features of
 * fewer than `minTexts` rows are left out. Deterministic.
 */
export function fit(rows: readonly Row[], classes: number, minTexts = 2): Model {
  const counts = new Map<string, number>()
  for (const { features } of rows) for (const name of features) counts.set(name, (counts.get(name) ?? 0) + 1)
  const names = ['', ...[...counts].filter(([, count]) => count >= minTexts).map(([name]) => name)]
  const ids = new Map(names.map((name, at) => [name, at]))
  const pull = names.map((name, at) => (at === 0 ? 0 : pullOf(name)))
  const total = rows.reduce((sum, { weight }) => sum + weight, 0)
  const data = rows.map(({ features, label, weight }) => ({
    at: Int32Array.from([0, ...features.flatMap(name => ids.get(name) ?? [])]),
    label,
    share: weight / total,
  }))
  const weights = new Float64Array(names.length * classes)
  const squares = new Float64Array(weights.length).fill(1e-8)
  for (let round = 0; round < rounds; round += 1) {
    const slopes = weights.map((weight, at) => weight * (pull[Math.floor(at / classes)] ?? 0))
    for (const row of data) addSlopes(slopes, weights, row, classes)
    for (const [at, slope] of slopes.entries()) {
      const square = (squares[at] ?? 0) + slope * slope
      squares[at] = square
      weights[at] = (weights[at] ?? 0) - (step * slope) / Math.sqrt(square)
    }
  }
  return new Map(names.map((name, at) => [name, [...weights.subarray(at * classes, (at + 1) * classes)]]))
}

function addSlopes(
  slopes: Float64Array,
  weights: Float64Array,
  { at, label, share }: { at: Int32Array; label: number; share: number },
  classes: number,
): void {
  const sums = new Float64Array(classes)
  for (const feature of at)
    for (let k = 0; k < classes; k += 1) sums[k] = (sums[k] ?? 0) + (weights[feature * classes + k] ?? 0)
  const misses = shares(sums).map((value, k) => (value - (k === label ? 1 : 0)) * share)
  for (const feature of at)
    for (let k = 0; k < classes; k += 1)
      slopes[feature * classes + k] = (slopes[feature * classes + k] ?? 0) + (misses[k] ?? 0)
}

function shares(sums: Float64Array): Float64Array {
  const highest = Math.max(...sums)
  const powers = sums.map(sum => Math.exp(sum - highest))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map(power => power / total)
}

/** The shares of the classes for features, summing to 1. */
export function predict(model: Model, features: Iterable<string>): number[] {
  const sums = Float64Array.from(model.get('') ?? [])
  for (const name of features)
    for (const [k, weight] of (model.get(name) ?? []).entries()) sums[k] = (sums[k] ?? 0) + weight
  return [...shares(sums)]
}
