import { readFileSync } from 'node:fs'
import { stemmer } from 'stemmer'
import { parse } from 'yaml'
import * as z from 'zod'

const Words = z.strictObject({ short: z.record(z.string(), z.string()), topics: z.string() })
const { short, topics } = Words.parse(parse(readFileSync(new URL('words.yaml', import.meta.url), 'utf8')))
const meant = new Map(Object.entries(short).map(([written, words]) => [written, words.split(' ')]))
const isTopic = new Set(topics.split(/\s+/))

const tokenPattern =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}_]+(?:['-][\p{L}\p{N}]+)*|[?!]/gu

/** The words of a text in lower case, as they were meant: abbreviations and common misspellings are written out. */
export function wordsOf(text: string): string[] {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[’‘´`]/g, "'")
      .match(tokenPattern) ?? []
  return words.flatMap(word => meant.get(word) ?? word)
}

/** A word's stem; of a language that is not written in Latin letters its first five letters. */
export function stemOf(word: string): string {
  if (/^[a-z']+$/.test(word)) return stemmer(word)
  return word.length > 6 && !/[a-z]/.test(word) ? word.slice(0, 5) : word
}

/** What kind of word it is in a phrase: `<topic>`, `<error>`, `<number>`, or its stem. */
export function kindOf(word: string): string {
  if (isTopic.has(word)) return '<topic>'
  if (/^[a-z]{2,40}(?:error|exception|warning)$/.test(word)) return '<error>'
  return /^\d/.test(word) ? '<number>' : stemOf(word)
}
