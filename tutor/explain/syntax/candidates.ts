import { bracketCandidates } from './brackets.ts'
import { applied, type Candidate } from './changes.ts'
import { indentationCandidates } from './indentation.ts'
import { rewrites } from './rewrites.ts'
import { ruleCandidates } from './rules.ts'
import { searchCandidates } from './search.ts'
import { named } from './naming.ts'
import type { Spot } from './spot.ts'
import { stringCandidates } from './strings.ts'
import { wholeCandidates } from './whole.ts'
import { wordCandidates } from './words.ts'
import { lineAt } from './source.ts'

/** Characters of all programs that one round may try. */
const maxCharacters = 150_000
const maxCandidates = 320

/** What Python's message speaks for: candidates of these classes come a little earlier. */
const hints: readonly (readonly [message: RegExp, name: RegExp])[] = [
  [/forgot a comma/, /^(?:comma-missing|print-without|text-without|quotes|operator-missing|apostrophe|string-)/],
  [/expected ':'/, /^colon-|^braces|-word$|^then/],
  [/'==' or ':=' instead of '='/, /^assignment-for-comparison/],
  [/never closed/, /^unclosed-|^mismatched|^stray-/],
  [/unmatched|does not match/, /^stray-|^unopened-|^mismatched|^unclosed-/],
  [/unterminated/, /quote|string|apostrophe/],
  [/indent|unindent/, /indent|body|branch|tab/],
  [/f-string/, /^fstring/],
  [/in call to 'print'/, /^print-without/],
  [/outside|not properly/, /outside/],
  [/leading zeros/, /^number-with-leading/],
  [/cannot assign/, /^assignment|^comparison|^name-|^index/],
  [/invalid decimal/, /^number|^name-begins|^multiplication/],
]

/** All edits that are worth trying at a place, the likeliest first, no two with the same result. */
export function candidatesFor(spot: Spot, wide: boolean): Candidate[] {
  const all = [
    ...rewrites(spot.source, spot.near),
    ...wordCandidates(spot),
    ...bracketCandidates(spot),
    ...stringCandidates(spot),
    ...indentationCandidates(spot),
    ...wholeCandidates(spot),
    ...ruleCandidates(spot),
    ...searchCandidates(spot, wide ? 12 : 4),
  ]
  const hint = hints.find(([message]) => message.test(spot.fault.message))?.[1]
  const ranked = all
    .map(one => named(spot, one))
    .map(one => ({ ...one, cost: one.cost + distanceCost(spot, one) - (hint?.test(one.class) === true ? 0.3 : 0) }))
    .toSorted((one, other) => one.cost - other.cost)
  return distinct(spot.source.text, ranked)
}

function distanceCost({ source, line, at }: Spot, { changes }: Candidate): number {
  const first = changes[0]
  if (first === undefined || changes.length > 3) return 0
  const there = lineAt(source, first.at)?.number ?? line.number
  if (there !== line.number) return there > line.number ? 0.35 : 0.2
  return Math.min(0.2, Math.abs(first.at - at) * 0.004)
}

function distinct(text: string, ranked: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>([text])
  const found: Candidate[] = []
  for (const one of ranked) {
    if (found.length >= maxCandidates) break
    const result = applied(text, one.changes)
    if (seen.has(result)) continue
    seen.add(result)
    found.push(one)
  }
  return found
}

/** As many of the programs as one round may try, at least one. */
export function affordable<Item extends { tried: string }>(items: readonly Item[]): Item[] {
  let characters = 0
  return items.filter(({ tried }, at) => (characters += tried.length + 100) <= maxCharacters || at === 0)
}
