import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'

const Language = z.union([
  z.strictObject({ words: z.string(), sentence: z.string() }),
  z.strictObject({ script: z.string(), letters: z.string().optional(), sentence: z.string() }),
])
const table = z
  .record(z.string(), Language)
  .parse(parse(readFileSync(new URL('languages.yaml', import.meta.url), 'utf8')))

const scripts = Object.entries(table)
  .flatMap(([tag, entry]) => ('script' in entry ? [{ tag, ...entry }] : []))
  .map(({ tag, script, letters }) => ({
    tag,
    script: new RegExp(
      `[${script
        .split(' ')
        .map(name => `\\p{Script=${name}}`)
        .join('')}]`,
      'gu',
    ),
    letters: letters === undefined ? null : new RegExp(`[${letters}]`, 'u'),
  }))
  .toSorted((a, b) => Number(b.letters !== null) - Number(a.letters !== null))
const frequent = Object.entries(table).flatMap(([tag, entry]) =>
  'words' in entry ? [{ tag, words: new Set(entry.words.split(/\s+/)) }] : [],
)
const english = new Set(
  `a i is it the to my what why how do does of in and not this that you can me for with are was be on have but so
  if when or am an get code please help don't doesn't error work difference between need just which there your`.split(
    /\s+/,
  ),
)

/**
 * The language of a learner's prose as a BCP 47 tag: `en` unless something else is recognised, and for a text without
 * letters. By script where that decides, else by frequent words: a message is a line or two full of English words of
 * programming, which misleads detectors that count letter sequences. Looks at the first 1,000 characters.
 */
export function languageOf(prose: string): string {
  const text = prose.slice(0, 1_000)
  const letters = (text.match(/\p{L}/gu) ?? []).length
  for (const { tag, script, letters: own } of scripts) {
    const count = (text.match(script) ?? []).length
    // One character of Chinese says what three letters do.
    if (count * (tag === 'zh' || tag === 'ja' ? 3 : 2) > letters * 0.5 && count > 0 && (own?.test(text) ?? true))
      return tag
  }
  const words =
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}'\p{M}]+/gu) ?? []
  const share = (known: ReadonlySet<string>): number => words.filter(word => known.has(word)).length
  const [best] = frequent
    .map(({ tag, words: known }) => ({ tag, count: share(known) }))
    .toSorted((a, b) => b.count - a.count)
  if (best === undefined || best.count < (words.length < 4 ? 1 : 2)) return 'en'
  return best.count > 1.3 * share(english) && best.count / words.length >= 0.2 ? best.tag : 'en'
}

/** How to say in a language that the answer is in English and that English is understood best; null for English. */
export const englishPlease = (language: string): string | null => table[language]?.sentence ?? null
