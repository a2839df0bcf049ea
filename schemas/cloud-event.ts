import { createHash, randomBytes, randomUUID } from 'node:crypto'
import * as z from 'zod'
import { agentNames } from './words.ts'

/** W3C Trace Context `traceparent`, version 00 (https://www.w3.org/TR/trace-context/#traceparent-header). */
export const Traceparent = z.string().regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)

/** 32 hex digits: the hash of a business key. Events with equal keys report the same thing, whatever their ids. */
export const IdempotencyHash = z.string().regex(/^[0-9a-f]{32}$/)

const sources = [...agentNames.map(name => `/agents/${name}` as const), '/api', '/toolkit'] as const

/** Options of `of` besides the data. `key` lists the parts of the business key; `traceparent` continues a trace. */
export interface EventOptions {
  key: readonly (string | number)[]
  source: (typeof sources)[number]
  traceparent?: string | undefined
  time?: Date
}

/** The hash of a business key: SHA-256 over its JSON, first 32 hex digits. */
export function idempotencyHash(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

/** The 32 hex digits of a `traceparent` that all spans of one trace share. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35)

/** A new sampled trace, or a new span of the given one (W3C Trace Context). */
export function traceparentOf(parent?: string): string {
  const trace =
    parent !== undefined && Traceparent.safeParse(parent).success ? traceIdOf(parent) : randomBytes(16).toString('hex')
  return `00-${trace}-${randomBytes(8).toString('hex')}-01`
}

/**
 * One event type: a CloudEvents 1.0 schema (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md) and
 * `of`, which makes a valid event. Objects are open, so that fields of newer versions are kept.
 */
export function cloudEvent<const Type extends string, Shape extends z.ZodRawShape>(
  type: Type,
  data: z.ZodObject<Shape>,
) {
  const schema = z.looseObject({
    specversion: z.literal('1.0'),
    id: z.uuid(),
    source: z.enum(sources),
    type: z.literal(type),
    // A `StudentId`; its form is checked where ids come in, so that a wider one later breaks no reader.
    subject: z.string(),
    time: z.iso.datetime({ precision: 3 }),
    datacontenttype: z.literal('application/json'),
    idempotencykey: IdempotencyHash,
    traceparent: Traceparent,
    data: z.looseObject(data.shape),
  })
  const of = (
    subject: string,
    value: z.input<z.ZodObject<Shape>>,
    { key, source, traceparent, time = new Date() }: EventOptions,
  ): z.infer<typeof schema> =>
    schema.parse({
      specversion: '1.0',
      id: randomUUID(),
      source,
      type,
      subject,
      time: time.toISOString(),
      datacontenttype: 'application/json',
      idempotencykey: idempotencyHash(type, ...key),
      traceparent: traceparent ?? traceparentOf(),
      data: value,
    })
  return { type, schema, of }
}
