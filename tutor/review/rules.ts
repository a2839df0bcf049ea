import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'

/** The levels of learners, the lowest first. */
export const levels = ['beginner', 'intermediate', 'advanced'] as const
export type Level = (typeof levels)[number]

const Rule = z.strictObject({
  rule: z.string(),
  kind: z.enum(['risk', 'simpler', 'clarity', 'cost', 'layout']),
  from: z.enum(levels),
  weight: z.number().min(0).max(1),
  text: z.string().min(1),
})
/** One line of `rules.yaml`. */
export type Rule = z.infer<typeof Rule>

const Table = z.strictObject({
  rules: z.array(Rule),
  strengths: z.array(z.strictObject({ strength: z.string(), unless: z.array(z.string()), text: z.string() })),
})
const table = Table.parse(parse(readFileSync(new URL('rules.yaml', import.meta.url), 'utf8')))

/** The rules by their names, in the order of the file. */
export const rules: ReadonlyMap<string, Rule> = new Map(table.rules.map(rule => [rule.rule, rule]))

/** What is praised, with the rules that speak against it; the first that holds is said. */
export const strengths = table.strengths

/** The rules that ruff looks for. */
export const ruffRules: readonly string[] = [...rules.keys()].filter(rule => /^[A-Z]+\d+$/.test(rule))

export type Params = Readonly<Record<string, string | number>>

/** A text with its params. @throws RangeError for a place that has no param */
export const fill = (text: string, params: Params): string =>
  text.replaceAll(/\{(\w+)\}/g, (_place, name: string) => {
    const value = params[name]
    if (value === undefined) throw new RangeError(`no ${name} for: ${text}`)
    return String(value)
  })
