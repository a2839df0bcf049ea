import * as z from 'zod'

/** The parts of a JSON Schema that are shown. */
interface Schema {
  type?: string | string[]
  description?: string
  default?: unknown
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
}

const names: Readonly<Record<string, string>> = { integer: 'int', array: 'unknown[]', object: '{}' }

/** A schema as the type that a programmer would write. */
function typeOf(schema: Schema | boolean): string {
  if (typeof schema === 'boolean') return 'unknown'
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(value => JSON.stringify(value)).join('|')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return choices.map(typeOf).join('|')
  if (schema.items !== undefined) return `${bracketed(typeOf(schema.items))}[]`
  if (schema.properties !== undefined) return objectOf(schema)
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false)
    return `Record<string,${typeOf(schema.additionalProperties)}>`
  const { type = 'unknown' } = schema
  return Array.isArray(type) ? type.join('|') : (names[type] ?? type)
}

const bracketed = (type: string): string => (type.includes('|') ? `(${type})` : type)

function objectOf({ properties = {}, required = [] }: Schema): string {
  const fields = Object.entries(properties).map(([name, field]) => {
    const optional = field.default !== undefined || !required.includes(name)
    return `${name}${optional ? '?' : ''}: ${typeOf(field)}`
  })
  return `{${fields.join(', ')}}`
}

/**
 * The arguments of a script, one line each with default and description: `limit?: int = 5 // at most so many, 1-200`.
 */
export function inputStub(input: z.ZodObject): string[] {
  const { properties = {}, required = [] } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Schema
  return Object.entries(properties).map(([name, field]) => {
    const preset = field.default === undefined ? '' : ` = ${JSON.stringify(field.default)}`
    const about = field.description === undefined ? '' : ` // ${field.description}`
    return `${name}${preset !== '' || !required.includes(name) ? '?' : ''}: ${typeOf(field)}${preset}${about}`
  })
}

/** The type of a script's data. */
export function outputStub(output: z.ZodType): string {
  return typeOf(z.toJSONSchema(output, { io: 'output', unrepresentable: 'any' }) as Schema)
}

/** The names of the arguments that are paths: `.meta({ path: true })`. */
export function pathFields(input: z.ZodObject): string[] {
  const { properties = {} } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, { path?: boolean }>
  }
  return Object.entries(properties).flatMap(([name, field]) => (field.path === true ? [name] : []))
}
