import * as fc from 'fast-check'
import { isOpen, type JsonSchema } from './json-schema.ts'

/** JSON text cannot distinguish `-0` from `0`, so events cannot either. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown

const maxTextLength = 200

function stringOf({
  pattern,
  format,
  minLength = 0,
  maxLength = maxTextLength,
  allOf = [],
}: JsonSchema): fc.Arbitrary<string> {
  // Of several patterns the first, narrowed by the others.
  const [first, ...others] = allOf.map(one => one.pattern ?? '')
  if (first !== undefined)
    return stringOf({ pattern: first, minLength, maxLength }).filter(text =>
      others.every(other => new RegExp(other, 'u').test(text)),
    )
  if (format === 'uuid') return fc.uuid()
  if (format === 'date-time')
    return fc
      .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
      .map(date => date.toISOString())
  const lengths = { minLength, maxLength: Math.min(maxLength, maxTextLength) }
  // The pattern of an id of a student.
  if (pattern?.includes('{1,255}') === true) return fc.stringMatching(/^[!-~ ]{1,255}$/)
  if (pattern === undefined || pattern.includes('ud800'))
    return fc.string({ unit: 'binary', ...lengths }).map(text => text.replaceAll('\0', ' '))
  return fc
    .stringMatching(new RegExp(pattern, 'u'))
    .filter(text => text.length >= minLength && text.length <= maxLength)
}

function objectOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const properties = schema.properties ?? {}
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, of]) => [name, valueOf(of)])),
    schema.required === undefined ? { requiredKeys: [] } : { requiredKeys: [...schema.required] },
  )
  if (!isOpen(schema)) return known
  if (schema.additionalProperties !== undefined && schema.propertyNames?.pattern !== undefined)
    return fc.dictionary(stringOf(schema.propertyNames), valueOf(schema.additionalProperties || {}), { maxKeys: 3 })
  // `__proto__` is excluded, because Zod and Avro's decoder drop it on purpose.
  const name = fc
    .string({ unit: 'binary', maxLength: 12 })
    .filter(key => !Object.hasOwn(properties, key) && key !== '__proto__')
  const value = fc
    .jsonValue({ maxDepth: 2, stringUnit: 'binary' })
    .filter(part => !JSON.stringify(part).includes('__proto__'))
  return fc
    .tuple(known, fc.dictionary(name, value, { maxKeys: 2 }))
    .map(([fields, extra]) => Object.assign(fields, extra))
}

function valueOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valueOf))
  const { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER, minItems = 0, maxItems = 4 } = schema
  switch (schema.type) {
    case 'object':
      return objectOf(schema)
    case 'array':
      return fc.array(valueOf(schema.items || {}), { minLength: minItems, maxLength: maxItems })
    case 'string':
      return stringOf(schema)
    case 'integer':
      return fc.integer({ min: minimum, max: maximum })
    case 'number':
      return fc.double({ min: minimum, max: maximum, noNaN: true, noDefaultInfinity: true })
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    default:
      throw new Error(`no random value for ${JSON.stringify(schema)}`)
  }
}

/** Random values that a schema allows, including unknown fields of open objects. */
export function randomOf(schema: JsonSchema): fc.Arbitrary<Record<string, unknown>> {
  return valueOf(schema).map(value => asJson(value) as Record<string, unknown>)
}

/** Every field of an object's schema and of the objects in it. */
export function fieldsOf(
  schema: JsonSchema,
  path: readonly string[] = [],
): { path: string[]; schema: JsonSchema; required: boolean }[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, of]) => {
    const field = { path: path.concat(name), schema: of, required: schema.required?.includes(name) === true }
    return [field].concat(fieldsOf(of, field.path))
  })
}

/** A copy with one field replaced, or removed when `replacement` is undefined; an absent object on its path becomes one. */
export function withField(
  value: Record<string, unknown>,
  [name = '', ...rest]: readonly string[],
  replacement: unknown,
): Record<string, unknown> {
  const { [name]: part, ...others } = value
  if (rest.length > 0)
    return { ...others, [name]: withField((part ?? {}) as Record<string, unknown>, rest, replacement) }
  return replacement === undefined ? others : { ...others, [name]: replacement }
}
