import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'

const Message = z.union([
  z.strictObject({ kind: z.string(), match: z.array(z.string()).min(1) }),
  z.strictObject({ simple: z.string(), match: z.array(z.string()).min(1) }),
])

/** What an exception's text says: the detector of `python/diagnose.py`, and the parts of the text. */
export interface Recognised {
  kind: string
  groups: Record<string, string>
}

/** The maximum of an exception's text that is read. */
const maxText = 2_000

let patterns: readonly { kind: string; pattern: RegExp }[] | undefined

function read(): readonly { kind: string; pattern: RegExp }[] {
  const file = readFileSync(join(import.meta.dirname, 'messages.yaml'), 'utf8')
  return z
    .array(Message)
    .parse(parse(file))
    .flatMap(entry =>
      entry.match.map(text => ({
        kind: 'kind' in entry ? entry.kind : `simple:${entry.simple}`,
        pattern: new RegExp(text),
      })),
    )
}

/** The kind of an exception by its class and message, in the wordings of CPython 3.8 to 3.14; else the kind `other`. */
export function recognise(type: string, message: string): Recognised {
  patterns ??= read()
  const text = `${type}: ${message}`.slice(0, maxText)
  for (const { kind, pattern } of patterns) {
    const found = pattern.exec(text)
    if (found === null) continue
    const groups = Object.entries(found.groups ?? {}).filter(([, value]) => value !== undefined)
    return { kind, groups: Object.fromEntries(groups) }
  }
  return { kind: 'other', groups: {} }
}
