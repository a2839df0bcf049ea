import avsc, { type Schema } from 'avsc'
import type { AvroRecord } from './avro.ts'
import { eventFiles, type Files } from './generated.ts'
import { isOpen, type JsonSchema, withoutNull } from './json-schema.ts'

/** One difference between two versions of a schema. `path`: `data.score`, with `[]` for the items of an array. */
export interface Change {
  path: string
  change: string
  breaking: boolean
}

const lowest = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'] as const
const highest = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'] as const

/**
 * What changed between two versions of a JSON Schema. Breaking is what makes a stored value invalid (narrowed, newly required) and what takes
 * from a reader a field it may rely on (removed, no longer always there). An unequal pattern counts as narrowed: nobody can tell.
 */
export function compare(baseline: JsonSchema, current: JsonSchema): Change[] {
  return compareAt(baseline, current, '')
}

const at = (path: string, name: string): string => (path === '' || path.endsWith('/') ? `${path}${name}` : `${path}.${name}`)

function compareAt(before: JsonSchema, after: JsonSchema, path: string): Change[] {
  const [old, now] = [withoutNull(before), withoutNull(after)]
  const nulls: Change[] = []
  if (old.nullable !== now.nullable) nulls.push({ path, change: now.nullable ? 'may be null' : 'may no longer be null', breaking: old.nullable })
  if (old.schema.type !== now.schema.type) {
    const widened = old.schema.type === 'integer' && now.schema.type === 'number'
    return [
      ...nulls,
      { path, change: `type ${old.schema.type ?? 'any'} is now ${now.schema.type ?? 'any'}`, breaking: !widened && now.schema.type !== undefined },
    ]
  }
  return [
    ...nulls,
    ...words(old.schema, now.schema, path),
    ...bounds(old.schema, now.schema, path),
    ...text(old.schema, now.schema, path),
    ...parts(old.schema, now.schema, path),
  ]
}

function words(before: JsonSchema, after: JsonSchema, path: string): Change[] {
  const listed = (schema: JsonSchema): readonly unknown[] | undefined => (schema.const === undefined ? schema.enum : [schema.const])
  const [old, now] = [listed(before), listed(after)]
  if (old === undefined) return now === undefined ? [] : [{ path, change: `is now one of ${now.join(', ')}`, breaking: true }]
  if (now === undefined) return [{ path, change: 'may be any value', breaking: false }]
  const lost = old.filter(word => !now.includes(word)).map((word): Change => ({ path, change: `may no longer be ${String(word)}`, breaking: true }))
  const won = now.filter(word => !old.includes(word)).map((word): Change => ({ path, change: `may be ${String(word)}`, breaking: false }))
  return lost.concat(won)
}

function bounds(before: JsonSchema, after: JsonSchema, path: string): Change[] {
  const bound = (key: (typeof lowest)[number] | (typeof highest)[number], open: number, narrower: (old: number, now: number) => boolean): Change[] => {
    const [old, now] = [before[key] ?? open, after[key] ?? open]
    return old === now ? [] : [{ path, change: `${key} ${old} is now ${now}`, breaking: narrower(old, now) }]
  }
  return [...lowest.flatMap(key => bound(key, -Infinity, (old, now) => now > old)), ...highest.flatMap(key => bound(key, Infinity, (old, now) => now < old))]
}

function text(before: JsonSchema, after: JsonSchema, path: string): Change[] {
  return (['pattern', 'format'] as const).flatMap(key => {
    const [old, now] = [before[key], after[key]]
    return old === now ? [] : [{ path, change: `${key} ${old ?? 'none'} is now ${now ?? 'none'}`, breaking: now !== undefined }]
  })
}

function parts(before: JsonSchema, after: JsonSchema, path: string): Change[] {
  if (before.type === 'array') return compareAt(before.items || {}, after.items || {}, `${path}[]`)
  if (before.type !== 'object') return alternatives(before, after, path)
  const [old, now] = [before.properties ?? {}, after.properties ?? {}]
  const closed = isOpen(before) && !isOpen(after) ? [{ path, change: 'no longer keeps unknown fields', breaking: true }] : []
  const requires = (schema: JsonSchema, name: string): boolean => schema.required?.includes(name) === true
  const kept = Object.entries(old).flatMap(([name, schema]): Change[] => {
    const next = now[name]
    if (next === undefined) return [{ path: at(path, name), change: 'removed', breaking: true }]
    const [was, is] = [requires(before, name), requires(after, name)]
    const need = was === is ? [] : [{ path: at(path, name), change: is ? 'is now required' : 'is no longer always there', breaking: true }]
    return need.concat(compareAt(schema, next, at(path, name)))
  })
  const added = Object.keys(now)
    .filter(name => !Object.hasOwn(old, name))
    .map((name): Change => {
      const needed = requires(after, name)
      return { path: at(path, name), change: needed ? 'added as required' : 'added', breaking: needed }
    })
  return [...closed, ...kept, ...added]
}

/** Anything this comparison does not take apart (unions of several types, tuples) must be equal to be safe. */
function alternatives(before: JsonSchema, after: JsonSchema, path: string): Change[] {
  const shape = ({ anyOf, oneOf, prefixItems, $ref }: JsonSchema): string => JSON.stringify([anyOf, oneOf, prefixItems, $ref])
  return shape(before) === shape(after) ? [] : [{ path, change: 'its alternatives changed', breaking: true }]
}

/** Why a reader with the current Avro schema could not read what the baseline's wrote; undefined when it can (Avro 1.11, schema resolution). */
export function avroMismatch(baseline: AvroRecord, current: AvroRecord): string | undefined {
  const [writer, reader] = [baseline, current].map(schema => avsc.Type.forSchema(schema as unknown as Schema))
  try {
    if (writer !== undefined) reader?.createResolver(writer)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/**
 * What changed in the event schemas since the baseline, by both schema languages; a path begins with the event type: `submission.graded/data.score`.
 */
export function compareEvents(baseline: Files, current: Files = eventFiles()): Change[] {
  return [...new Set([...baseline.keys(), ...current.keys()])].toSorted().flatMap(file => {
    const [before, after] = [baseline.get(file), current.get(file)]
    const event = file.replace(/^.*\//, '').replace(/\.(?:json|avsc)$/, '')
    if (file.endsWith('.avsc')) return before === undefined || after === undefined ? [] : avroChange(event, JSON.parse(before), JSON.parse(after))
    if (before === undefined) return [{ path: event, change: 'added', breaking: false }]
    if (after === undefined) return [{ path: event, change: 'removed', breaking: true }]
    return compareAt(JSON.parse(before) as JsonSchema, JSON.parse(after) as JsonSchema, `${event}/`)
  })
}

function avroChange(path: string, before: unknown, after: unknown): Change[] {
  const mismatch = avroMismatch(before as AvroRecord, after as AvroRecord)
  return mismatch === undefined ? [] : [{ path, change: `Avro: ${mismatch}`, breaking: true }]
}
