import { isOpen, type JsonSchema, withoutNull } from './json-schema.ts'

interface AvroField {
  name: string
  type: AvroSchema
  doc?: string
  default?: unknown
}
export interface AvroRecord {
  type: 'record'
  name: string
  namespace?: string
  doc?: string
  fields: AvroField[]
}
/** The part of an Avro 1.11 schema that we use (https://avro.apache.org/docs/1.11.1/specification/). */
export type AvroSchema =
  | string
  | AvroRecord
  | { type: 'enum'; name: string; symbols: readonly string[] }
  | { type: 'array'; items: AvroSchema }
  | { type: 'map'; values: AvroSchema }
  | { type: 'string'; logicalType: 'uuid' }
  | readonly AvroSchema[]

/** The field of an open record that keeps fields its schema does not know: name to JSON text. */
const extensions = 'extensions'
const symbol = /^[A-Za-z_][A-Za-z0-9_]*$/
const int32 = 2_147_483_647

/** `submission.graded` becomes `SubmissionGraded`. */
export function recordName(name: string): string {
  return name.replaceAll(/(?:^|[^A-Za-z0-9])([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/**
 * The Avro record of an object's JSON Schema. Structure and types carry over; bounds, lengths and patterns cannot, so a
 * reader still validates. Words that are not valid Avro symbols (`control-flow`, `/api`) make the field a string whose
 * `doc` lists them.
 * @throws Error when the Avro value could not be turned back unchanged.
 */
export function avroOf(schema: JsonSchema, name: string, namespace: string): AvroRecord {
  return { ...recordOf(schema, recordName(name)), namespace }
}

function recordOf(schema: JsonSchema, name: string): AvroRecord {
  const fields = Object.entries(schema.properties ?? {}).map(([field, of]) =>
    fieldOf(field, of, schema.required?.includes(field) === true, name),
  )
  if (!isOpen(schema)) return { type: 'record', name, fields }
  if (fields.some(field => field.name === extensions))
    throw new Error(`${name} has a field named ${extensions}, which Avro needs for unknown fields`)
  const doc = 'JSON text of each field that this version of the schema does not know'
  return {
    type: 'record',
    name,
    fields: [...fields, { name: extensions, type: { type: 'map', values: 'string' }, doc, default: {} }],
  }
}

function fieldOf(field: string, of: JsonSchema, required: boolean, parent: string): AvroField {
  const { schema, nullable } = withoutNull(of)
  if (nullable && !required) throw new Error(`${parent}.${field} may be absent and null, which Avro cannot tell apart`)
  const words = wordsOf(schema)
  const doc =
    words === undefined || words.every(word => symbol.test(word)) ? {} : { doc: `one of: ${words.join(', ')}` }
  const type = typeOf(schema, `${parent}${recordName(field)}`)
  if (required) return { name: field, type: nullable ? ['null', type] : type, ...doc }
  return { name: field, type: ['null', type], ...doc, default: null }
}

/** The values of a string whose schema lists them. */
function wordsOf(schema: JsonSchema): string[] | undefined {
  const words = schema.const === undefined ? schema.enum : [schema.const]
  return words?.every(word => typeof word === 'string') === true ? [...words] : undefined
}

function typeOf(schema: JsonSchema, name: string): AvroSchema {
  const words = wordsOf(schema)
  if (words !== undefined)
    return words.every(word => symbol.test(word)) ? { type: 'enum', name, symbols: words } : 'string'
  switch (schema.type) {
    case 'object':
      return recordOf(schema, name)
    case 'array':
      if (typeof schema.items !== 'object') break
      return { type: 'array', items: typeOf(schema.items, `${name}Item`) }
    case 'string':
      return schema.format === 'uuid' ? { type: 'string', logicalType: 'uuid' } : 'string'
    case 'integer': {
      const maxMagnitude = Math.max(Math.abs(schema.minimum ?? Infinity), Math.abs(schema.maximum ?? Infinity))
      // Without bounds of its own it may leave what an Avro long holds in JavaScript.
      if (maxMagnitude >= Number.MAX_SAFE_INTEGER) break
      return maxMagnitude <= int32 ? 'int' : 'long'
    }
    case 'number':
      return 'double'
    case 'boolean':
      return 'boolean'
  }
  throw new Error(`${name} has no faithful Avro type: ${JSON.stringify(schema)}`)
}

type Fields = Record<string, unknown>
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A value of the JSON Schema in the form of its Avro record. A value of the wrong type is left for the encoder to
 * refuse.
 */
export function toAvro(value: unknown, of: JsonSchema): unknown {
  const { schema } = withoutNull(of)
  if (schema.type === 'array' && Array.isArray(value)) return value.map(item => toAvro(item, schema.items || {}))
  if (schema.type !== 'object' || !isFields(value)) return value
  const properties = schema.properties ?? {}
  const shaped: Fields = {}
  for (const [name, part] of Object.entries(properties)) {
    const absent = value[name] === undefined && schema.required?.includes(name) !== true
    shaped[name] = absent ? null : toAvro(value[name], part)
  }
  if (!isOpen(schema)) return shaped
  const unknown = Object.entries(value).filter(([name, part]) => !Object.hasOwn(properties, name) && part !== undefined)
  return { ...shaped, [extensions]: Object.fromEntries(unknown.map(([name, part]) => [name, JSON.stringify(part)])) }
}

/** The inverse of `toAvro`, unknown fields included. */
export function fromAvro(value: unknown, of: JsonSchema): unknown {
  const { schema } = withoutNull(of)
  if (schema.type === 'array' && Array.isArray(value)) return value.map(item => fromAvro(item, schema.items || {}))
  if (schema.type !== 'object' || !isFields(value)) return value
  const known = Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const absent = value[name] === null && schema.required?.includes(name) !== true
    return absent ? [] : [[name, fromAvro(value[name], part)] as const]
  })
  const unknown = Object.entries((value[extensions] ?? {}) as Record<string, string>).map(
    ([name, json]) => [name, JSON.parse(json) as unknown] as const,
  )
  return { ...Object.fromEntries(known), ...(isOpen(schema) ? Object.fromEntries(unknown) : {}) }
}
