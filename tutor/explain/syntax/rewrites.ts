import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { type Candidate, type Change, shortest } from './changes.ts'
import type { Line, Source } from './source.ts'

const Rewrite = z.strictObject({
  class: z.string(),
  find: z.string(),
  put: z.string().default(''),
  cost: z.number().default(1),
  /** Every line of the program is rewritten at once, for faults that come in numbers. */
  everywhere: z.boolean().default(false),
})

type Rule = Omit<z.infer<typeof Rewrite>, 'find'> & { find: RegExp }

/** A line longer than this is not rewritten, which bounds the time of any pattern. */
const maxLine = 400
const maxMatches = 8

let known: readonly Rule[] | undefined

/** The rules of `rewrites.yaml`, read once. */
function rules(): readonly Rule[] {
  known ??= z
    .array(Rewrite)
    .parse(parse(readFileSync(join(import.meta.dirname, 'rewrites.yaml'), 'utf8')))
    .map(rule => ({ ...rule, find: new RegExp(rule.find, 'dg') }))
  return known
}

/** The names of the classes that a rewrite can give; reads the rules if they are not yet read. */
export const rewriteClasses = (): string[] => [...new Set(rules().map(rule => rule.class))]

/**
 * What the rules of `rewrites.yaml` make of the given lines. A pattern sees the line without comment and without what
 * stands inside strings; `$1` puts the text of a group back.
 */
export function rewrites(source: Source, near: readonly Line[]): Candidate[] {
  return rules().flatMap(rule => {
    if (rule.everywhere) {
      const all = source.lines.filter(line => !line.inString).flatMap(line => changesIn(rule, line, source.text))
      return all.length > 1 ? [candidateOf(rule, all)] : []
    }
    return near.flatMap(line => changesIn(rule, line, source.text).map(change => candidateOf(rule, [change])))
  })
}

function candidateOf(rule: Rule, changes: Change[]): Candidate {
  return { class: rule.class, changes, cost: rule.cost, params: { line_count: String(changes.length) } }
}

function changesIn(rule: Rule, line: Line, text: string): Change[] {
  if (line.text.length > maxLine || line.inString) return []
  const masked = line.masked.trimEnd()
  const changes: Change[] = []
  for (const match of masked.matchAll(rule.find)) {
    if (changes.length >= maxMatches) break
    const put = rule.put.replaceAll(/\$(\d)/g, (_, group: string) => {
      const [from, to] = match.indices?.[Number(group)] ?? [0, 0]
      return text.slice(line.at + from, line.at + to)
    })
    const change = { at: line.at + match.index, end: line.at + match.index + match[0].length, text: put }
    const short = shortest(text, change)
    if (short.at !== short.end || short.text !== '') changes.push(short)
  }
  return changes
}
