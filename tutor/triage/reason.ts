import type { Intent } from '../../schemas/words.ts'
import type { MessageReading } from '../message/read-message.ts'
import { wordsOfCue } from './cues.ts'
import { weightOf } from './model.ts'
import { kindOf, stemOf, wordsOf } from './tokens.ts'

/** What a message has, for the features that are no words of it. */
const parts: Readonly<Record<string, string>> = {
  '+code': 'a program',
  '+traceback': 'an error of Python or of tests',
  '+error-said': 'an error is named',
  '+session': 'a session of the interpreter',
  '+wordless': 'no words',
  '+bare-slip': 'a program alone that Python cannot read',
  '+bare-block': 'a program alone',
  '+bare-fragment': 'a line of code alone',
  '+slip': 'code that Python cannot read',
  '+first-person': 'it is about the writer',
  '+short': 'it is short',
  '+long': 'it is long',
  '+link': 'a link',
  '+question': 'a question',
  '+lang': 'another language than English',
}
const longest = 6_000
const mostShown = 4
const shownLength = 40

/** A word of a message as it was written, with what the features make of it. */
interface Word {
  said: string
  stem: string
  kind: string
}

/** The words of the message that weigh most for the intent, as they were written, and its parts that do, or what is missing. */
export function reasonFor(
  features: ReadonlySet<string>,
  { prose }: MessageReading,
  intent: Intent,
  unclear: boolean,
): string {
  const words = wordsIn(prose.slice(0, longest))
  const strongest = [...features]
    .map(name => ({ name, weight: weightOf(name, intent) }))
    .filter(({ weight }) => weight > 0.05)
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, 12)
    .map(({ name }) => readable(name, prose, words))
    .filter(text => text.length > 3)
  const said = [...new Set(strongest)].slice(0, mostShown)
  const because = said.length === 0 ? 'nothing in it speaks for one agent' : said.join(', ')
  if (intent === 'other') return `off topic: ${because}`
  return unclear ? `unclear, perhaps ${intent}: ${because}` : because
}

const wordsIn = (prose: string): Word[] =>
  (prose.match(/\S{1,200}/g) ?? []).slice(0, 400).flatMap(raw => {
    const said = raw.toLowerCase().replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}+#]+$/gu, '')
    return wordsOf(raw).map(word => ({ said, stem: stemOf(word), kind: kindOf(word) }))
  })

/** A feature as a person reads it: words of the message in quotes, a part of it in words; empty where it has neither. */
function readable(name: string, prose: string, words: readonly Word[]): string {
  if (name.startsWith('+')) return parts[name] ?? ''
  const said = name.startsWith('cue')
    ? wordsOfCue(name.replace(/^cue\^?:/, ''), prose)
    : wordsLike(name.slice(name.indexOf(':') + 1).split(' '), words)
  const text = said.replaceAll(/\s+/g, ' ').trim()
  if (text.length <= shownLength) return text === '' ? '' : `"${text}"`
  return `"${text.slice(0, shownLength).replace(/\s\S*$/, '')} ..."`
}

/** The words in a row that have these stems or kinds. */
function wordsLike(wanted: readonly string[], words: readonly Word[]): string {
  const at = words.findIndex((_, first) =>
    wanted.every((one, next) => {
      const word = words[first + next]
      return word !== undefined && (word.stem === one || word.kind === one)
    }),
  )
  const row = at === -1 ? [] : words.slice(at, at + wanted.length).map(({ said }) => said)
  return row.filter((one, place) => one !== row[place - 1]).join(' ')
}
