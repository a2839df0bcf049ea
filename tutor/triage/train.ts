import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { intents } from '../../schemas/words.ts'
import { readMessage } from '../message/read-message.ts'
import { examplesOf, type Labelled, ownExamples } from './examples.ts'
import { featuresOf } from './features.ts'
import { fit, type Model, predict, type Row } from './fit.ts'
import { figuresOf, type Judged } from './figures.ts'

const folds = 5
/** How much a message given as a file counts beside one of our own: files hold what real learners wrote. */
const givenWeight = 2
const known = new Map<string, string[]>()

function featuresFor(text: string): string[] {
  const features = known.get(text) ?? [...featuresOf(text, readMessage(text))]
  known.set(text, features)
  return features
}

/** A message, and its first line as an example of its own, as in a chat. */
function rowsOf({ text, intent, weight = 1 }: Labelled): Row[] {
  const title = text.split('\n')[0] ?? ''
  const label = intents.indexOf(intent)
  const whole = { features: featuresFor(text), label, weight }
  return title === text || title.length < 12
    ? [whole]
    : [whole, { features: featuresFor(title), label, weight: weight / 2 }]
}

const judge = (model: Model, message: Labelled): Judged => ({
  ...message,
  shares: predict(model, featuresFor(message.text)),
})

/** A number that scatters the messages over the folds and is the same in every run (FNV-1a). */
function scatter(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}

/** Cross-validation of the messages given, each judged by a model that learned from the others and from `always`. */
function crossValidate(always: readonly Labelled[], messages: readonly Labelled[]): Judged[] {
  return Array.from({ length: folds }, (_, fold) => fold).flatMap(fold => {
    const [left, taken] = [true, false].map(out =>
      messages.filter(({ text }) => (scatter(text) % folds === fold) === out),
    )
    const model = fit([...always, ...(taken ?? [])].flatMap(rowsOf), intents.length)
    return (left ?? []).map(message => judge(model, message))
  })
}

function write(model: Model): number {
  const lines = [...model]
    .map(([name, values]) => [name, values.map(value => Math.round(value * 100))] as const)
    .filter(([name, values]) => name === '' || Math.max(...values.map(Math.abs)) >= 2)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, values]) => `${name}\t${values.join(' ')}`)
  writeFileSync(new URL('weights.tsv', import.meta.url), `${lines.join('\n')}\n`)
  return lines.length
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { misses: { type: 'boolean', default: false }, 'no-validation': { type: 'boolean', default: false } },
})
const own = ownExamples('examples')
const given = positionals.flatMap(examplesOf).map(one => ({ ...one, weight: givenWeight }))
if (!values['no-validation']) {
  const validated = given.length > 0 ? given : own
  const judged = crossValidate(given.length > 0 ? own : [], validated)
  process.stdout.write(figuresOf(`${folds}-fold cross-validation`, judged, values.misses))
}
const model = fit([...own, ...given].flatMap(rowsOf), intents.length)
process.stdout.write(
  figuresOf(
    'held out',
    ownExamples('held-out').map(message => judge(model, message)),
    false,
  ),
)
process.stdout.write(`${write(model)} features\n`)
