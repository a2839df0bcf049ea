import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'

const Words = z.strictObject({
  hint: z.string(),
  beside: z.string(),
  not: z.string(),
  away: z.array(z.string()),
  repeat: z.array(z.string()),
})
const words = Words.parse(parse(readFileSync(new URL('hint-wish.yaml', import.meta.url), 'utf8')))
const setOf = (listed: string): ReadonlySet<string> => new Set(listed.trim().split(/\s+/))
const [hint, beside, not] = [setOf(words.hint), setOf(words.beside), setOf(words.not)]
const away = new RegExp(words.away.join('|'), 'g')
const repeat = new RegExp(words.repeat.join('|'))
const longest = 200
/** A run of characters of a language that is written without blanks. */
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+$/u
const wordPattern = /[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu

const wordsOf = (text: string): string[] => text.match(wordPattern) ?? []
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[’‘´`]/g, "'")

const isOf = (set: ReadonlySet<string>, word: string): boolean =>
  set.has(word) || (unspaced.test(word) && [...set].some(one => unspaced.test(one) && word.includes(one)))

/**
 * Whether the prose of a message asks for a hint and for nothing else. `names`: what the exercise that it speaks of is
 * called (id, title, names that its program defines). Prose of more than 200 characters never does.
 */
export function wantsHint(prose: string, names: readonly string[] = []): boolean {
  if (prose.length > longest) return false
  const said = wordsOf(plain(prose).replace(away, ' '))
  const called = new Set(names.flatMap(name => wordsOf(plain(name).replaceAll(/[_-]/g, ' '))))
  const isHint = (word: string): boolean => isOf(hint, word)
  // "Hint 2" counts hints; any other number may be that of an exercise.
  const counts = (at: number): boolean =>
    /^\d$/.test(said[at] ?? '') && /^(?:hint|tip|number)$/.test(said[at - 1] ?? '')
  return (
    said.some(isHint) &&
    said.every(
      (word, at) => isHint(word) || unspaced.test(word) || beside.has(word) || called.has(word) || counts(at),
    ) &&
    !said.some(word => isOf(not, word))
  )
}

/** Whether prose that asks for a hint asks for the one given last once more. */
export const repeatsHint = (prose: string): boolean => repeat.test(plain(prose))
