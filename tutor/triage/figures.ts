import { intents } from '../../schemas/words.ts'
import type { Labelled } from './examples.ts'
import { sureFrom } from './threshold.ts'

/** A labelled message with the shares that the model gave to `intents`. */
export interface Judged extends Labelled {
  shares: readonly number[]
}

const percent = (part: number, all: number): string => `${((100 * part) / Math.max(1, all)).toFixed(1)} %`
const guessOf = ({ shares }: Judged): number => shares.indexOf(Math.max(...shares))
const isRight = (judged: Judged): boolean => intents[guessOf(judged)] === judged.intent
const isAcceptable = (judged: Judged): boolean => isRight(judged) || intents[guessOf(judged)] === judged.second

/** Lines with the share right, macro-F1, the recall of each class, and the share acceptable among those sent on. */
export function figuresOf(name: string, judged: readonly Judged[], misses: boolean): string {
  const right = judged.filter(isRight)
  const sent = judged.filter(one => intents[guessOf(one)] !== 'other' && Math.max(...one.shares) >= sureFrom)
  const classes = intents.map((intent, at) => {
    const all = judged.filter(one => one.intent === intent).length
    const hit = right.filter(one => one.intent === intent).length
    const guessed = judged.filter(one => guessOf(one) === at).length
    return { intent, all, recall: hit / Math.max(1, all), f1: (2 * hit) / Math.max(1, all + guessed) }
  })
  const present = classes.filter(({ all }) => all > 0)
  const f1 = present.reduce((sum, one) => sum + one.f1, 0) / Math.max(1, present.length)
  return [
    `${name}, ${judged.length} messages: right ${percent(right.length, judged.length)}, ` +
      `right or second ${percent(judged.filter(isAcceptable).length, judged.length)}, macro-F1 ${f1.toFixed(3)}`,
    `  recall: ${present.map(({ intent, recall }) => `${intent} ${percent(recall, 1)}`).join(', ')}`,
    `  sent on (certainty >= ${sureFrom}): ${percent(sent.length, judged.length)}, ` +
      `of these right or second ${percent(sent.filter(isAcceptable).length, sent.length)}`,
    ...(misses
      ? judged
          .filter(one => !isAcceptable(one))
          .map(one => `  ${one.intent} -> ${intents[guessOf(one)]}: ${one.text.slice(0, 160).replaceAll('\n', ' / ')}`)
      : []),
    '',
  ].join('\n')
}
