import { isOpen, type JsonSchema, withoutNull } from './json-schema.ts'

/**
 * One difference between two versions of a schema. `path` is like `data.score`, with `[]` for the items of an array.
 */
export interface Change {
  path: string
  change: string
  breaking: boolean
}

/** Bounds by name: the value that holds where none is given, and the direction in which the bound narrows. */
const limits = [
  ['minimum', -Infinity, 1],
  ['exclusiveMinimum', -Infinity, 1],
  ['minLength', 0, 1],
  ['minItems', 0, 1],
  ['maximum', Infinity, -1],
  ['exclusiveMaximum', Infinity, -1],
  ['maxLength', Infinity, -1],
  ['maxItems', Infinity, -1],
] as const

/**
 * What changed between two versions of a JSON Schema. A change is breaking when it makes a stored value invalid
 * (narrowed, newly required) or removes a field that readers rely on (removed, no longer always present). A changed
 * pattern counts as narrowed, because patterns cannot be compared.
 */
export function compare(baseline: JsonSchema, current: JsonSchema): Change[] {
  return compareAt(baseline, current, '')
}

const at = (path: string, name: string): string =>
  path === '' || path.endsWith('/') ? `${path}${name}` : `${path}.${name}`

export function compareAt(before: JsonSchema, after: JsonSchema, path: string): Change[] {
  const [old, now] = [withoutNull(before), withoutNull(after)]
  const around =
    before.anyOf === undefined && after.anyOf === undefined
      ? []
      : compareAt(besideOptions(before), besideOptions(after), path)
  const nulls =
    old.nullable === now.nullable
      ? []
      : [{ path, change: now.nullable ? 'may be null' : 'may no longer be null', breaking: old.nullable }]
  return [...around, ...nulls, ...compareTypes(old.schema, now.schema, path)]
}

/** What a schema with several options requires of all of them. */
function besideOptions({ anyOf, ...rest }: JsonSchema): JsonSchema {
  return anyOf === undefined ? {} : rest
}

function compareTypes(before: JsonSchema, after: JsonSchema, path: string): Change[] {
  if (before.type === after.type)
    return [
      ...words(before, after, path),
      ...bounds(before, after, path),
      ...text(before, after, path),
      ...parts(before, after, path),
    ]
  const widened = after.type === undefined || (before.type === 'integer' && after.type === 'number')
  const type: Change = {
    path,
    change: `type ${before.type ?? 'any'} is now ${after.type ?? 'any'}`,
    breaking: !widened,
  }
  return widened ? [type, ...bounds(before, after, path)] : [type]
}

function words(before: JsonSchema, after: JsonSchema, path: string): Change[] {
  const listed = (schema: JsonSchema): readonly unknown[] | undefined =>
    schema.const === undefined ? schema.enum : [schema.const].filter(word => schema.enum?.includes(word) !== false)
  const [old, now] = [listed(before), listed(after)]
  if (old === undefined)
    return now === undefined ? [] : [{ path, change: `is now one of ${now.join(', ')}`, breaking: true }]
  if (now === undefined) return [{ path, change: 'may be any value', breaking: false }]
  const lost = old
    .filter(word => !now.includes(word))
    .map((word): Change => ({ path, change: `may no longer be ${String(word)}`, breaking: true }))
  const won = now
    .filter(word => !old.includes(word))
    .map((word): Change => ({ path, change: `may be ${String(word)}`, breaking: false }))
  return lost.concat(won)
}

function bounds(before: JsonSchema, after: JsonSchema, path: string): Change[] {
  return limits.flatMap(([key, open, narrower]) => {
    const [old, now] = [before[key] ?? open, after[key] ?? open]
    return old === now
      ? []
      : [
          {
            path,
            change: `${key} ${before[key] ?? 'none'} is now ${after[key] ?? 'none'}`,
            breaking: (now - old) * narrower > 0,
          },
        ]
  })
}

function text(before: JsonSchema, after: JsonSchema, path: string): Change[] {
  return (['pattern', 'format'] as const).flatMap(key => {
    const [old, now] = [before[key], after[key]]
    return old === now
      ? []
      : [{ path, change: `${key} ${old ?? 'none'} is now ${now ?? 'none'}`, breaking: now !== undefined }]
  })
}

function parts(before: JsonSchema, after: JsonSchema, path: string): Change[] {
  if (before.type === 'array') return compareAt(before.items || {}, after.items || {}, `${path}[]`)
  if (before.type !== 'object') return alternatives(before, after, path)
  const [old, now] = [before.properties ?? {}, after.properties ?? {}]
  const closed =
    isOpen(before) && !isOpen(after) ? [{ path, change: 'no longer keeps unknown fields', breaking: true }] : []
  const requires = (schema: JsonSchema, name: string): boolean => schema.required?.includes(name) === true
  const kept = Object.entries(old).flatMap(([name, schema]): Change[] => {
    const next = now[name]
    if (next === undefined) return [{ path: at(path, name), change: 'removed', breaking: true }]
    const [was, is] = [requires(before, name), requires(after, name)]
    const need =
      was === is
        ? []
        : [{ path: at(path, name), change: is ? 'is now required' : 'is no longer always there', breaking: true }]
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

/**
 * Schemas that this comparison does not analyse (unions of several types, tuples) are compatible only when they are
 * equal.
 */
function alternatives(before: JsonSchema, after: JsonSchema, path: string): Change[] {
  const shape = ({ anyOf, oneOf, prefixItems, $ref }: JsonSchema): string =>
    JSON.stringify([anyOf, oneOf, prefixItems, $ref])
  return shape(before) === shape(after) ? [] : [{ path, change: 'its alternatives changed', breaking: true }]
}
