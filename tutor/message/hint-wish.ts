import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'

const Words = z.strictObject({ hint: z.string(), beside: z.string(), not: z.string() })
const words = Words.parse(parse(readFileSync(new URL('hint-wish.yaml', import.meta.url), 'utf8')))
const setOf = (listed: string): ReadonlySet<string> => new Set(listed.trim().split(/\s+/))
const [hint, beside, not] = [setOf(words.hint), setOf(words.beside), setOf(words.not)]
const longest = 200
const wordPattern = /[\p{Script=Han}]{1,8}|[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘´`]/g, "'")
    .match(wordPattern) ?? []

/**
 * Whether the prose of a message asks for a hint and for nothing else. `names`: what the exercise that it speaks of is
 * called (id, title, names that its program defines). Prose of more than 200 characters never does.
 */
export function wantsHint(prose: string, names: readonly string[] = []): boolean {
  if (prose.length > longest) return false
  const said = wordsOf(prose)
  const called = new Set(names.flatMap(name => wordsOf(name.replaceAll(/[_-]/g, ' '))))
  return (
    said.some(word => hint.has(word)) &&
    said.every(word => hint.has(word) || beside.has(word) || called.has(word)) &&
    !said.some(word => not.has(word))
  )
}
