import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'

const Class = z.strictObject({
  title: z.string(),
  cause: z.string(),
  question: z.string(),
  /** Messages of CPython that mean this class where no edit tells more; `always` also where one does. */
  messages: z.array(z.string()).default([]),
  always: z.boolean().default(false),
  examples: z.array(z.string()).min(2),
})

/** What is known of one class of syntax errors: texts with `{param}` places, and two programs that have it. */
export type SyntaxClass = z.infer<typeof Class>

const folder = join(import.meta.dirname, 'classes')
let known: ReadonlyMap<string, SyntaxClass> | undefined

/** All classes by their ids, read from `classes/` once. @throws RangeError when two files have the same id. */
export function syntaxClasses(): ReadonlyMap<string, SyntaxClass> {
  if (known !== undefined) return known
  const all = new Map<string, SyntaxClass>()
  for (const file of readdirSync(folder).filter(name => name.endsWith('.yaml')))
    for (const [id, entry] of Object.entries(
      z.record(z.string(), Class).parse(parse(readFileSync(join(folder, file), 'utf8'))),
    )) {
      if (all.has(id)) throw new RangeError(`the class ${id} is there twice`)
      all.set(id, entry)
    }
  return (known = all)
}

let patterns: readonly { id: string; pattern: RegExp; always: boolean }[] | undefined

/** The class that a message of CPython means, and whether it means it whatever the edit is. */
export function classOfMessage(message: string): { id: string; always: boolean } | undefined {
  patterns ??= [...syntaxClasses()].flatMap(([id, { messages, always }]) =>
    messages.map(text => ({ id, pattern: new RegExp(text), always })),
  )
  return patterns.find(({ pattern }) => pattern.test(message))
}
