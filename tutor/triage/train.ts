import { readFileSync, writeFileSync } from 'node:fs'
import { intents } from '../../schemas/words.ts'
import { featuresOf } from './features.ts'
import { readMessage } from './message.ts'

/** One labelled message; a JSONL file has one per line: `{"text", "intent"}`. */
interface Labelled {
  text: string
  intent: (typeof intents)[number]
  second?: string | null
}
interface Row {
  features: string[]
  label: number
  weight: number
}
interface Model {
  bias: number[]
  weights: Record<string, number[]>
}

const rounds = 120
const minTexts = 3

/**
 * How strongly a weight is regularised towards zero: words more than cues, because there are many words and each is
 * rare.
 */
const pull = (name: string): number => (name.startsWith('b:') ? 0.005 : /^[w1]:/.test(name) ? 0.004 : 0.001)

/**
 * Multinomial logistic regression with L2, by full-batch gradient steps scaled per feature (Adagrad). Deterministic.
 */
export function fit(rows: readonly Row[]): Model {
  const counts = new Map<string, number>()
  for (const { features } of rows) for (const name of features) counts.set(name, (counts.get(name) ?? 0) + 1)
  const names = [...counts].filter(([, count]) => count >= minTexts).map(([name]) => name)
  const weights: Record<string, number[]> = Object.fromEntries(names.map(name => [name, intents.map(() => 0)]))
  const squares: Record<string, number[]> = Object.fromEntries(
    [...names, ''].map(name => [name, intents.map(() => 1e-8)]),
  )
  const bias = intents.map(() => 0)
  const total = rows.reduce((sum, row) => sum + row.weight, 0)
  const step = (target: number[], squared: number[], gradient: number[]): void => {
    for (const [at, slope] of gradient.entries()) {
      squared[at] = (squared[at] ?? 0) + slope * slope
      target[at] = (target[at] ?? 0) - (0.3 * slope) / Math.sqrt(squared[at] ?? 1)
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    const slopes: Record<string, number[]> = Object.fromEntries(
      names.map(name => [name, (weights[name] ?? []).map(weight => pull(name) * weight)]),
    )
    const biasSlope = intents.map(() => 0)
    for (const { features, label, weight } of rows) {
      const shares = predict({ bias, weights }, features)
      for (const [at, share] of shares.entries()) {
        const miss = ((share - (at === label ? 1 : 0)) * weight) / total
        biasSlope[at] = (biasSlope[at] ?? 0) + miss
        for (const name of features) {
          const slope = slopes[name]
          if (slope !== undefined) slope[at] = (slope[at] ?? 0) + miss
        }
      }
    }
    for (const name of names) step(weights[name] ?? [], squares[name] ?? [], slopes[name] ?? [])
    step(bias, squares[''] ?? [], biasSlope)
  }
  return { bias, weights }
}

export function predict({ bias, weights }: Model, features: readonly string[]): number[] {
  const sums = bias.slice()
  for (const name of features)
    for (const [at, weight] of (weights[name] ?? []).entries()) sums[at] = (sums[at] ?? 0) + weight
  const powers = sums.map(sum => Math.exp(sum - Math.max(...sums)))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map(power => power / total)
}

const read = (path: string): Labelled[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Labelled)
/** Adds the first line of each message as an example of its own, as in a chat. */
const rowsOf = ({ text, intent }: Labelled): Row[] => {
  const title = text.split('\n')[0] ?? ''
  const label = intents.indexOf(intent)
  const whole = { features: [...featuresOf(readMessage(text))], label, weight: 1 }
  return title === text || title.length < 12
    ? [whole]
    : [whole, { features: [...featuresOf(readMessage(title))], label, weight: 0.5 }]
}

const likeliest = (shares: readonly number[]): number => shares.indexOf(Math.max(...shares))

/** Five-fold cross-validation: the share classified correctly in the folds left out, by intent. */
function validate(texts: readonly Labelled[]): void {
  const right = intents.map(() => 0)
  const all = intents.map(() => 0)
  let acceptable = 0
  for (let fold = 0; fold < 5; fold += 1) {
    const model = fit(texts.filter((_, at) => at % 5 !== fold).flatMap(rowsOf))
    for (const [at, text] of texts.entries()) {
      if (at % 5 !== fold) continue
      const label = intents.indexOf(text.intent)
      const got = likeliest(predict(model, [...featuresOf(readMessage(text.text))]))
      all[label] = (all[label] ?? 0) + 1
      if (got === label) right[label] = (right[label] ?? 0) + 1
      if (got === label || intents[got] === text.second) acceptable += 1
      else if (process.argv.includes('--misses'))
        process.stdout.write(`${text.intent} -> ${intents[got]}: ${text.text.slice(0, 160).replaceAll('\n', ' / ')}\n`)
    }
  }
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
  process.stdout.write(
    `right ${sum(right)} of ${sum(all)} (${((100 * sum(right)) / sum(all)).toFixed(1)} %), acceptable ${acceptable}\n`,
  )
  for (const [at, intent] of intents.entries()) process.stdout.write(`  ${intent} ${right[at]} of ${all[at]}\n`)
}

if (import.meta.main) {
  const files = process.argv.slice(2).filter(argument => !argument.startsWith('--'))
  const texts = files.flatMap(read)
  validate(texts)
  const { bias, weights } = fit(texts.flatMap(rowsOf))
  const kept = Object.entries(weights)
    .filter(([, values]) => Math.max(...values.map(Math.abs)) >= 0.02)
    .map(([name, values]) => [name, values.map(value => Number(value.toFixed(3)))] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  const lines = kept.map(([name, values]) => `    ${JSON.stringify(name)}: ${JSON.stringify(values)}`)
  const rounded = JSON.stringify(bias.map(value => Number(value.toFixed(3))))
  writeFileSync(
    new URL('table.json', import.meta.url),
    `{\n  "bias": ${rounded},\n  "weights": {\n${lines.join(',\n')}\n  }\n}\n`,
  )
  process.stdout.write(`${kept.length} features\n`)
}
