import type { StandardSchemaWithJSON, ToolAnnotations } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { mistakesIn } from '../skills/definition.ts'
import { PlatformError } from '../platform/errors.ts'
import { outputs } from './answer.ts'

export type ToolName = keyof typeof outputs

const op = z.string().max(200).describe('operation')
const args = z.record(z.string(), z.unknown()).optional().describe('its arguments')
const page = z.int().min(1).max(100_000).optional()

const inputs = {
  find: z.strictObject({
    words: z
      .string()
      .max(1_000)
      .optional()
      .describe('task; or an op, skill or reference, for its details; none lists all'),
    page: page.describe('of a reference'),
  }),
  read: z.strictObject({ op, args, page: page.describe('of its data, from 1; else one line') }),
  change: z.strictObject({
    op,
    args,
    page: page.describe('of its data, when done'),
    dry_run: z.boolean().optional().describe('only plan'),
    confirm: z.string().max(200).optional().describe('from the dry run; deletions need it'),
  }),
  job: z.strictObject({
    action: z.enum(['status', 'wait', 'cancel', 'list']),
    id: z.string().max(100).optional().describe('job'),
    seconds: z.number().min(0).max(45, 'at most 45; wait again for longer').optional().describe('of wait'),
    page: page.describe('of its data'),
  }),
  code: z.strictObject({
    js: z.string().max(50_000).describe('async function body: await lf.read(op, args) gives data; return a value'),
    allow: z.array(z.string().max(200)).max(50).optional().describe('ops lf.change may call'),
  }),
}
const readOnlyInputs = { ...inputs, code: inputs.code.omit({ allow: true }) }

export type Inputs = { [Name in ToolName]: z.infer<(typeof inputs)[Name]> }

const texts: Record<ToolName, [title: string, description: string]> = {
  find: ['Find operations', 'Finds operations, skills and references of LearnFlow.'],
  read: ['Read', 'Runs an operation that reads.'],
  change: ['Change', 'Runs an operation that changes, deletes or measures by writing.'],
  job: ['Job', 'Looks after work that outlasted its call.'],
  code: ['Run code', 'Runs JavaScript over many operations, in a sandbox.'],
}

const hints = (readOnlyHint: boolean, destructiveHint: boolean, idempotentHint: boolean): ToolAnnotations => ({
  readOnlyHint,
  destructiveHint,
  idempotentHint,
  openWorldHint: false,
})

export interface ToolDefinition {
  title: string
  description: string
  inputSchema: StandardSchemaWithJSON<unknown, unknown>
  outputSchema: StandardSchemaWithJSON<unknown, unknown>
  annotations: ToolAnnotations
}

/**
 * A tool as clients see it. Reading and changing are separate tools; with `readOnly`, `code` cannot change anything.
 */
export function toolDefinition(name: ToolName, readOnly: boolean): ToolDefinition {
  const annotations: Record<ToolName, ToolAnnotations> = {
    find: hints(true, false, true),
    read: hints(true, false, true),
    change: hints(false, true, true),
    job: hints(false, false, true),
    code: readOnly ? hints(true, false, true) : hints(false, true, false),
  }
  const [title, description] = texts[name]
  const input = described(inputsOf(readOnly)[name])
  return {
    title,
    description,
    inputSchema: { '~standard': { ...input, validate: value => ({ value }) } },
    outputSchema: { '~standard': described(outputs[name]) },
    annotations: annotations[name],
  }
}

const inputsOf = (readOnly: boolean) => (readOnly ? readOnlyInputs : inputs)

/**
 * What hosts make of an input before they send it: `null` for what is unset, and objects and lists as JSON text. It is
 * read as it was meant; anything else has to be as the schema says.
 */
export function relaxed(value: unknown): Record<string, unknown> {
  const { args, allow, ...rest } = withoutNull(fromText(value) ?? {})
  return withoutNull({ ...rest, args: withoutNull(fromText(args)), allow: fromText(allow) })
}

/** The value of JSON text that holds an object, a list or null; none for an empty text; any other value as it is. */
function fromText(value: unknown): unknown {
  if (value === '') return undefined
  if (typeof value !== 'string' || !/^\s*(?:[[{]|null\s*$)/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** An object without the fields that are null or undefined; any other value as it is. */
function withoutNull<Value>(value: Value): Value & Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value as never
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null && part !== undefined)) as never
}

/**
 * The parsed input of a tool. It is checked here, because the SDK would answer a wrong input without structured
 * content. @throws INVALID_INPUT
 */
export function inputOfTool<Name extends ToolName>(name: Name, value: unknown, readOnly: boolean): Inputs[Name] {
  const read = inputsOf(readOnly)[name].safeParse(relaxed(value))
  if (read.success) return read.data as Inputs[Name]
  throw new PlatformError('INVALID_INPUT', mistakesIn(read.error), { hint: `See the schema of the tool ${name}.` })
}

/**
 * Limits that are enforced but not published: a model rarely reaches them, and each would cost tokens in every
 * conversation.
 */
const undescribed = new Set(['$schema', 'maxLength', 'maximum', 'minimum', 'maxItems', 'propertyNames'])

/** The schema with its JSON Schema for clients. */
function described(schema: z.ZodType): StandardSchemaWithJSON<unknown, unknown>['~standard'] {
  const brief = (io: 'input' | 'output') => (): Record<string, unknown> =>
    JSON.parse(
      JSON.stringify(z.toJSONSchema(schema, { io }), (key, value) =>
        undescribed.has(key) || (key === 'additionalProperties' && (io === 'output' || value !== false))
          ? undefined
          : io === 'input'
            ? withProperties(value)
            : value,
      ),
    )
  return { ...schema['~standard'], jsonSchema: { input: brief('input'), output: brief('output') } }
}

/** Some hosts refuse a type object that names no properties, though JSON Schema asks for none. */
function withProperties(value: unknown): unknown {
  const isOpen = typeof value === 'object' && value !== null && 'type' in value && value.type === 'object'
  return isOpen && !('properties' in value) ? { ...value, properties: {} } : value
}
