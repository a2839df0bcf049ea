import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'

const Class = z.strictObject({
  title: z.string(),
  cause: z.string(),
  /** What to do about it, with the names and values of the program. */
  advice: z.string(),
  question: z.string(),
  /** What the error itself says of an expression's value, where nothing else is known of it: the expression and the value. */
  seen: z.strictObject({ of: z.string(), value: z.string() }).optional(),
  examples: z.array(z.string()).default([]),
  tracebacks: z.array(z.string()).default([]),
})

/**
 * What is known of one class of runtime errors: texts with `{param}` places, and programs (or pasted tracebacks) that
 * have it.
 */
export type RuntimeClass = z.infer<typeof Class>

const folder = join(import.meta.dirname, 'classes')
let known: ReadonlyMap<string, RuntimeClass> | undefined

/** All classes by their ids, read from `classes/` once. @throws RangeError when two files have the same id. */
export function runtimeClasses(): ReadonlyMap<string, RuntimeClass> {
  if (known !== undefined) return known
  const all = new Map<string, RuntimeClass>()
  for (const file of readdirSync(folder).toSorted()) {
    const entries = z.record(z.string(), Class).parse(parse(readFileSync(join(folder, file), 'utf8')))
    for (const [id, entry] of Object.entries(entries)) {
      if (all.has(id)) throw new RangeError(`the class ${id} is there twice`)
      all.set(id, entry)
    }
  }
  return (known = all)
}

/** The names of a text's `{param}` places. */
export const placesIn = (text: string): string[] =>
  [...text.matchAll(/\{\{|\}\}|\{(\w+)\}/gu)].flatMap(([, name]) => (name === undefined ? [] : [name]))

/** A text with its `{param}` places filled; `{{` and `}}` are braces. @throws RangeError for a place without a param. */
export function filled(text: string, params: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{|\}\}|\{(\w+)\}/gu, (place: string, name: string | undefined) => {
    if (name === undefined) return place.slice(1)
    const value = params[name]
    if (value === undefined) throw new RangeError(`the text "${text}" needs {${name}}`)
    return value
  })
}
