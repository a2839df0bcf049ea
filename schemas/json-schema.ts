import * as z from 'zod'

/** The part of JSON Schema 2020-12 that our definitions use (https://json-schema.org/draft/2020-12). */
export interface JsonSchema {
  $schema?: string
  $id?: string
  $ref?: string
  $defs?: Record<string, JsonSchema>
  title?: string
  type?: string
  const?: unknown
  enum?: readonly unknown[]
  anyOf?: readonly JsonSchema[]
  allOf?: readonly JsonSchema[]
  oneOf?: readonly JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: readonly string[]
  additionalProperties?: JsonSchema | false
  propertyNames?: JsonSchema
  items?: JsonSchema | false
  prefixItems?: readonly JsonSchema[]
  pattern?: string
  format?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
}

/**
 * The JSON Schema of a Zod definition. `input` describes what may be sent (fields with a default are optional),
 * `output` what is received. Rules that only a `refine` holds (the order of two numbers in an exercise file) have no
 * JSON Schema and are checked by Zod alone.
 * @throws Error for a type that JSON cannot hold (date, bigint, map).
 */
export function jsonSchemaOf(schema: z.ZodType, id: string, io: 'input' | 'output'): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'throw',
  }) as JsonSchema
  return { ...($schema === undefined ? {} : { $schema }), $id: `urn:learnflow:${id.replaceAll('/', ':')}`, ...rest }
}

/** Whether an object may hold fields that its schema does not know. */
export function isOpen(schema: JsonSchema): boolean {
  return schema.type === 'object' && schema.additionalProperties !== false
}

/** The schema without null, and whether null was allowed. */
export function withoutNull(schema: JsonSchema): { schema: JsonSchema; nullable: boolean } {
  const options = schema.anyOf ?? []
  const rest = options.filter(option => option.type !== 'null')
  const [only] = rest
  if (only === undefined || rest.length === options.length) return { schema, nullable: schema.type === 'null' }
  return { schema: rest.length === 1 ? only : { ...schema, anyOf: rest }, nullable: true }
}
