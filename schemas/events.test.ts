import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import avsc, { type Schema } from 'avsc'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromAvro, toAvro } from './avro.ts'
import { type Definition, eventDefinitions } from './catalog.ts'
import { eventTypes, LearningEvent } from './learning-event.ts'
import type { JsonSchema } from './json-schema.ts'
import { fieldsOf, randomOf, withField } from './test-random.ts'

const ajv = new Ajv2020({ strict: true, strictTypes: false })
addFormats.default(ajv)

function oracles({ schema, json, avro }: Definition) {
  const valid = ajv.compile(json)
  const type = avsc.Type.forSchema(avro as unknown as Schema)
  return {
    zod: (value: unknown): boolean => schema.safeParse(value).success,
    json: (value: unknown): boolean => valid(value),
    avro: (value: unknown): boolean => type.isValid(toAvro(value, json)),
    roundTrip: (value: unknown): unknown => fromAvro(type.fromBuffer(type.toBuffer(toAvro(value, json))), json),
  }
}

/** Values of the right JSON type that a field must not have. */
function wrongValues({ anyOf, ...schema }: JsonSchema): unknown[] {
  if (anyOf !== undefined) return anyOf.filter(option => option.type !== 'null').flatMap(wrongValues)
  if (schema.const !== undefined || schema.enum !== undefined) return ['no such word', '']
  if (schema.type === 'array') return schema.minItems === undefined ? [['not-a-uuid']] : [[], ['not-a-uuid']]
  if (schema.type === 'number' || schema.type === 'integer')
    return [(schema.minimum ?? 0) - 1, (schema.maximum ?? 0) + 1, ...(schema.type === 'integer' ? [1.5] : [])]
  if (schema.type !== 'string') return []
  return [
    ...(schema.pattern === undefined && schema.format === undefined ? [] : ['\0']),
    ...((schema.minLength ?? 0) === 0 ? [] : ['']),
    ...(schema.maxLength === undefined ? [] : ['x'.repeat(schema.maxLength + 1)]),
  ]
}

const wrongTypes = (schema: JsonSchema): unknown[] =>
  JSON.stringify(schema).includes('"number"') || JSON.stringify(schema).includes('"integer"')
    ? ['1', true, [1]]
    : [1, true, { one: 1 }]

describe.each(eventDefinitions.map(definition => [definition.id.slice('events/'.length), definition] as const))(
  '%s',
  (type, definition) => {
    const is = oracles(definition)
    const runs = { numRuns: 1_000 }
    // All tests share one thousand random events, because making an event costs more than testing it.
    const events = fc.sample(randomOf(definition.json), runs)
    const instances = fc.constantFrom(...events)
    const fields = fieldsOf(definition.json)

    test('1,000 random instances are valid under Zod and JSON Schema and survive Avro unchanged', () => {
      expect(events).toHaveLength(1_000)
      for (const event of events) {
        expect(LearningEvent.parse(event)).toEqual(event)
        expect([is.zod(event), is.json(event), is.avro(event)]).toEqual([true, true, true])
        expect(is.roundTrip(event)).toEqual(event)
      }
    })

    test('a value out of its bounds, words or pattern is refused by Zod and JSON Schema', () => {
      const wrong = fields.flatMap(({ path, schema }) => wrongValues(schema).map(value => ({ path, value })))
      fc.assert(
        fc.property(instances, fc.constantFrom(...wrong), (event, { path, value }) => {
          const mutant = withField(event, path, value)
          expect([is.zod(mutant), is.json(mutant)]).toEqual([false, false])
        }),
        runs,
      )
    })

    test('a missing field and a wrong type are refused by Zod, JSON Schema and Avro', () => {
      const wrong = fields.flatMap(({ path, schema, required }) => [
        ...(required ? [{ path, value: undefined as unknown }] : []),
        ...wrongTypes(schema)
          .filter(value => !(schema.type === 'object' && typeof value === 'object' && !Array.isArray(value)))
          .map(value => ({ path, value })),
      ])
      fc.assert(
        fc.property(instances, fc.constantFrom(...wrong), (event, { path, value }) => {
          const mutant = withField(event, path, value)
          expect([is.zod(mutant), is.json(mutant), is.avro(mutant)]).toEqual([false, false, false])
        }),
        runs,
      )
    })

    test('Zod and JSON Schema agree on any JSON value in any field', () => {
      const words = fc.constantFrom(
        '2024-02-30T00:00:00.000Z',
        '2024-02-29T00:00:00.000Z',
        '2024-02-29T00:00:00Z',
        '',
        ' ',
        'a',
        '\u{1f600}',
        '\ud800',
        '1.0',
        type,
      )
      const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), words, fc.uuid())
      fc.assert(
        fc.property(instances, fc.constantFrom(...fields), anything, (event, { path }, value) => {
          const mutant = withField(event, path, value)
          expect(is.zod(mutant)).toBe(is.json(mutant))
        }),
        runs,
      )
    })
  },
)

test('Zod and JSON Schema both count characters: 65,536 emoji are allowed, one more is not', () => {
  const { schema, json } = eventDefinitions.find(({ id }) => id === 'events/submission.received') as Definition
  const valid = ajv.compile({ ...json, $id: 'again' })
  const [event] = fc.sample(randomOf(json), { numRuns: 1, seed: 1 }) as [Record<string, unknown>]
  for (const [count, allowed] of [
    [65_536, true],
    [65_537, false],
  ] as const) {
    const long = withField(event, ['data', 'code'], '\u{1f600}'.repeat(count))
    expect([schema.safeParse(long).success, valid(long)]).toEqual([allowed, allowed])
  }
})

test('an enum of words that Avro has no symbols for is a string, and its words are in the documentation', () => {
  const { avro } = eventDefinitions.find(({ id }) => id === 'events/quiz.answered') as Definition
  const data = avro?.fields.find(field => field.name === 'data')?.type as { fields: { name: string }[] }
  expect(data.fields.find(field => field.name === 'module')).toMatchObject({
    type: 'string',
    doc: expect.stringContaining('control-flow') as unknown,
  })
})

test('every event type is in the union, and nothing else is', () => {
  expect(LearningEvent.options.map(option => option.shape.type.value).toSorted()).toEqual(
    [...eventTypes.keys()].toSorted(),
  )
})
