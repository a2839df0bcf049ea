import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AvroRecord, avroOf } from './avro.ts'
import { eventDefinitions } from './catalog.ts'
import { compare } from './compatibility.ts'
import { avroMismatch, compareEvents } from './event-compatibility.ts'
import { baselineFolder, eventFiles, readFiles } from './generated.ts'
import type { JsonSchema } from './json-schema.ts'
import { fieldsOf, randomOf } from './test-random.ts'

const base: JsonSchema = {
  type: 'object',
  properties: {
    id: { type: 'string', pattern: '^[a-z]+$', maxLength: 64 },
    score: { type: 'number', minimum: 0, maximum: 1 },
    attempt: { type: 'integer', minimum: 1, maximum: 100 },
    verdict: { type: 'string', enum: ['passed', 'failed'] },
    due: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    evidence: { type: 'array', items: { type: 'string' }, minItems: 1 },
    note: { type: 'string' },
  },
  required: ['id', 'score', 'attempt', 'verdict', 'due', 'evidence'],
  additionalProperties: {},
}

/** The base with other fields; `undefined` removes one. */
function planted(fields: Record<string, JsonSchema | undefined>, required = base.required ?? []): JsonSchema {
  const properties = Object.fromEntries(
    Object.entries({ ...base.properties, ...fields }).filter(
      (field): field is [string, JsonSchema] => field[1] !== undefined,
    ),
  )
  return { ...base, properties, required: required.filter(name => name in properties) }
}

test.each([
  ['a removed field', planted({ score: undefined }), 'score', 'removed'],
  [
    'a field added as required',
    planted({ extra: { type: 'string' } }, [...(base.required ?? []), 'extra']),
    'extra',
    'added as required',
  ],
  [
    'an optional field that is now required',
    planted({}, [...(base.required ?? []), 'note']),
    'note',
    'is now required',
  ],
  ['a field that may now be absent', planted({}, base.required?.slice(1)), 'id', 'is no longer always there'],
  ['another type', planted({ score: { type: 'string' } }), 'score', 'type number is now string'],
  [
    'a number that is now whole',
    planted({ score: { type: 'integer', minimum: 0, maximum: 1 } }),
    'score',
    'type number is now integer',
  ],
  [
    'a lower maximum',
    planted({ attempt: { type: 'integer', minimum: 1, maximum: 10 } }),
    'attempt',
    'maximum 100 is now 10',
  ],
  ['a new minimum', planted({ note: { type: 'string', minLength: 1 } }), 'note', 'minLength none is now 1'],
  [
    'a word that is gone',
    planted({ verdict: { type: 'string', enum: ['passed'] } }),
    'verdict',
    'may no longer be failed',
  ],
  ['free text that is now a word', planted({ note: { type: 'string', enum: ['yes'] } }), 'note', 'is now one of yes'],
  [
    'another pattern',
    planted({ id: { type: 'string', pattern: '^[a-f]+$', maxLength: 64 } }),
    'id',
    'pattern ^[a-z]+$ is now ^[a-f]+$',
  ],
  ['a null that is no longer allowed', planted({ due: { type: 'string' } }), 'due', 'may no longer be null'],
  [
    'a narrowed item of a list',
    planted({ evidence: { type: 'array', items: { type: 'string', maxLength: 3 }, minItems: 1 } }),
    'evidence[]',
    'maxLength none is now 3',
  ],
  ['a closed object', { ...base, additionalProperties: false as const }, '', 'no longer keeps unknown fields'],
])('%s is a breaking change, and the only one', (_, current, path, change) => {
  expect(compare(base, current)).toEqual([{ path, change, breaking: true }])
})

test.each([
  ['an added optional field', planted({ extra: { type: 'string' } })],
  ['a higher maximum', planted({ attempt: { type: 'integer', minimum: 1, maximum: 1_000 } })],
  ['a further word', planted({ verdict: { type: 'string', enum: ['passed', 'failed', 'error'] } })],
  ['a whole number that may be any', planted({ attempt: { type: 'number', minimum: 1, maximum: 100 } })],
  [
    'a null that is now allowed',
    planted({ score: { anyOf: [{ type: 'number', minimum: 0, maximum: 1 }, { type: 'null' }] } }),
  ],
  ['a pattern that is gone', planted({ id: { type: 'string', maxLength: 64 } })],
])('%s is a change that breaks nothing', (_, current) => {
  const changes = compare(base, current)
  expect(changes).toHaveLength(1)
  expect(changes[0]?.breaking).toBe(false)
  expect(avroMismatch(avroOf(base, 'e', 'n'), avroOf(current, 'e', 'n'))).toBeUndefined()
})

test('equal schemas have no changes', () => {
  expect(compare(base, structuredClone(base))).toEqual([])
})

test.each([
  ['a new required field', planted({ extra: { type: 'string' } }, [...(base.required ?? []), 'extra'])],
  ['another type', planted({ score: { type: 'string' } })],
])('Avro resolution, too, refuses %s', (_, current) => {
  expect(avroMismatch(avroOf(base, 'e', 'n'), avroOf(current, 'e', 'n'))).toBeTypeOf('string')
})

test('the event schemas of this version break nothing that the baseline promised', async () => {
  const baseline = await readFiles(baselineFolder)
  expect(baseline.size).toBeGreaterThan(0)
  expect(compareEvents(baseline).filter(change => change.breaking)).toEqual([])
})

test('a planted break in one event is found by both schema languages, and named by event and field', () => {
  const current = new Map(eventFiles())
  const schema = JSON.parse(current.get('json-schema/events/submission.graded.json') ?? '') as JsonSchema
  delete schema.properties?.['data']?.properties?.['score']
  current.set('json-schema/events/submission.graded.json', JSON.stringify(schema))
  const record = JSON.parse(current.get('avro/events/quiz.answered.avsc') ?? '') as AvroRecord
  record.fields.push({ name: 'weight', type: 'double' })
  current.set('avro/events/quiz.answered.avsc', JSON.stringify(record))
  current.delete('json-schema/events/question.asked.json')
  expect(compareEvents(eventFiles(), current)).toEqual([
    { path: 'quiz.answered', change: expect.stringContaining('Avro: ') as unknown, breaking: true },
    { path: 'question.asked', change: 'removed', breaking: true },
    { path: 'submission.graded/data.score', change: 'removed', breaking: true },
  ])
})

/** Random edits of one field, narrowing, widening or structural. */
const edits = fc.constantFrom<((schema: JsonSchema, parent: JsonSchema, name: string) => void)[]>(
  (_, parent, name) => delete parent.properties?.[name],
  (_, parent, name) => (parent.required = parent.required?.filter(one => one !== name) ?? []),
  (_, parent) =>
    Object.assign(parent, {
      required: [...(parent.required ?? []), 'novel'],
      properties: { ...parent.properties, novel: { type: 'string' } },
    }),
  (_, parent) => Object.assign(parent, { properties: { ...parent.properties, novel: { type: 'string' } } }),
  (_, parent) => (parent.additionalProperties = false),
  schema => (schema.maximum = (schema.maximum ?? 10) / 2),
  schema => (schema.minimum = (schema.minimum ?? 0) - 1),
  schema => (schema.maxLength = 5),
  schema => delete schema.maxLength,
  schema => (schema.minLength = 3),
  schema => (schema.pattern = '^[a-c]'),
  schema => delete schema.pattern,
  schema => (schema.enum = schema.enum?.slice(1) ?? ['one']),
  schema => (schema.enum = [...(schema.enum ?? []), 'novel']),
  schema => (schema.type = 'string'),
  schema => (schema.type = schema.type === 'integer' ? 'number' : 'integer'),
  schema => (schema.items = { type: 'string', maxLength: 2 }),
)

function edited(
  baseline: JsonSchema,
  path: readonly string[],
  edit: (schema: JsonSchema, parent: JsonSchema, name: string) => void,
): JsonSchema {
  const current = structuredClone(baseline)
  let parent = current
  for (const step of path.slice(0, -1)) parent = parent.properties?.[step] ?? {}
  const name = path.at(-1) ?? ''
  edit(parent.properties?.[name] ?? {}, parent, name)
  return { ...current, $id: `urn:learnflow:edited:${crypto.randomUUID()}` }
}

test('after any edit that is not called breaking, every event of the baseline is still valid', () => {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, addUsedSchema: false })
  addFormats.default(ajv)
  const targets = eventDefinitions.flatMap(({ json }) => {
    const events = fc.sample(randomOf(json), 40)
    return fieldsOf(json).map(({ path }) => ({ json, path, events }))
  })
  let [harmless, breaking] = [0, 0]
  fc.assert(
    fc.property(fc.constantFrom(...targets), edits, ({ json, path, events }, edit) => {
      const current = edited(json, path, edit)
      const broken = compare(json, current).some(change => change.breaking)
      if (broken) breaking += 1
      else harmless += 1
      if (!broken) expect(events.filter(event => !ajv.validate(current, event))).toEqual([])
    }),
    { numRuns: 150, endOnFailure: true },
  )
  expect(Math.min(harmless, breaking)).toBeGreaterThan(20)
})
