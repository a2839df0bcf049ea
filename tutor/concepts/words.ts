import { readFileSync } from 'node:fs'
import { stemmer } from 'stemmer'
import { parse } from 'yaml'
import * as z from 'zod'

const listed = z.string().transform(text => new Set(text.split(/\s+/)))
const { aliases, weak, weakest, filler, outside } = z
  .strictObject({
    aliases: z.record(z.string(), z.string()),
    weak: listed,
    weakest: listed,
    filler: listed,
    outside: listed,
  })
  .parse(parse(readFileSync(new URL('words.yaml', import.meta.url), 'utf8')))

/** How much of a question is read. */
const [maxCharacters, maxWords] = [1_000, 60]
const token =
  /__\w+__|\.{3}|:=|[=!<>]=|->|\/\/|\*\*|[+*/%-]=|\[(?::{1,2}-?1?|\d|-1)?\]|\{\}|\(\)|[\p{L}\d_]+(?:'[a-z]+)?|[%@=+*/&|^<>#]/gu

/** A word as it is compared, and how it was written. */
export interface Word {
  stem: string
  written: string
}

/**
 * The words and operators of a text that may say something about its topic, stemmed (Porter 1980) and with aliases
 * replaced; reads its first 1,000 characters and 60 such words.
 */
export function wordsOf(text: string): Word[] {
  const plain = text
    .slice(0, maxCharacters)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘´`]/g, "'")
  return Array.from(plain.matchAll(token), ([found]) => found.replace(/'(?:s|t|re|m|ll|ve|d)$/, '').replaceAll("'", ''))
    .filter(written => written !== '' && !filler.has(written))
    .slice(0, maxWords)
    .map(written => ({ stem: stemOf(written), written }))
}

/** The compared form of one word. */
export function stemOf(written: string): string {
  const word = Object.hasOwn(aliases, written) ? (aliases[written] ?? written) : written
  return /^[a-z]{4,}$/.test(word) ? stemmer(word) : word
}

const stems = (words: ReadonlySet<string>): ReadonlySet<string> => new Set(Array.from(words, stemOf))
const [weakStems, weakestStems] = [stems(weak), stems(weakest)]

/** How much a word alone says about the topic, 0 to 1, apart from how rare it is. */
export function weightOf(stem: string): number {
  if (weakestStems.has(stem)) return 0.12
  if (/^(?:\d+|[a-z]|[-%@=+*/&|^<>#])$/.test(stem)) return 0.3
  return weakStems.has(stem) ? 0.6 : 1
}

/** Whether a word names something that is not taught here. */
export const isOutside = (word: Word): boolean => outside.has(word.written)
