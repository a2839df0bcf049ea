import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import avsc, { type Schema } from 'avsc'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { avroOf, fromAvro, toAvro } from './avro.ts'
import { definitions } from './catalog.ts'
import { fieldsOf, randomOf, withField } from './test-random.ts'

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictTuples: false })
addFormats.default(ajv)
const named = (wanted: (id: string) => boolean) =>
  definitions.filter(({ id }) => wanted(id)).map(definition => [definition.id, definition] as const)

test.each(named(id => !id.startsWith('events/') && !id.startsWith('api/') && id !== 'exercise-file'))(
  '%s: random instances are valid under Zod and JSON Schema and come back from Avro unchanged',
  (_, { schema, json, avro }) => {
    const [valid, type] = [ajv.compile(json), avsc.Type.forSchema(avro as unknown as Schema)]
    fc.assert(
      fc.property(randomOf(json), value => {
        expect([schema.parse(value), valid(value)]).toEqual([value, true])
        expect(fromAvro(type.fromBuffer(type.toBuffer(toAvro(value, json))), json)).toEqual(value)
      }),
      { numRuns: 300 },
    )
  },
)

test.each(named(id => id.endsWith('-request')))(
  '%s: Zod and JSON Schema agree on right, wrong and unknown fields',
  (_, { schema, json }) => {
    const valid = ajv.compile(json)
    const fields = fc.constantFrom(...fieldsOf(json).map(({ path }) => path), ['unknown'])
    fc.assert(
      fc.property(randomOf(json), fields, fc.jsonValue({ maxDepth: 1 }), (value, path, replacement) => {
        expect([schema.safeParse(value).success, valid(value)]).toEqual([true, true])
        const mutant = withField(value, path, replacement)
        expect(schema.safeParse(mutant).success).toBe(valid(mutant))
      }),
      { numRuns: 300 },
    )
  },
)

test('every exercise is valid under the JSON Schema for editors, and invalid with an unknown key', () => {
  const json = definitions.find(({ id }) => id === 'exercise-file')?.json ?? {}
  const valid = ajv.compile(json)
  const bank = join(import.meta.dirname, '../exercises/bank')
  const names = readdirSync(bank, { withFileTypes: true }).flatMap(entry => (entry.isDirectory() ? [entry.name] : []))
  expect(names.length).toBeGreaterThan(0)
  for (const name of names) {
    const exercise = parse(readFileSync(join(bank, name, 'exercise.yaml'), 'utf8')) as object
    expect([name, valid(exercise), valid.errors]).toEqual([name, true, null])
    expect(valid({ ...exercise, colour: 'red' })).toBe(false)
  }
})

test('what Avro could not give back is refused when the schema is made', () => {
  expect(() =>
    avroOf({ type: 'object', properties: { code: { anyOf: [{ type: 'string' }, { type: 'null' }] } } }, 'one', 'n'),
  ).toThrow(/absent and null/)
  expect(() => avroOf({ type: 'object', properties: { any: {} }, required: ['any'] }, 'one', 'n')).toThrow(
    /no faithful Avro type/,
  )
  expect(() =>
    avroOf({ type: 'object', properties: { big: { type: 'integer' } }, required: ['big'] }, 'one', 'n'),
  ).toThrow(/no faithful Avro type/)
  expect(() => avroOf({ type: 'object', properties: { extensions: { type: 'string' } } }, 'one', 'n')).toThrow(
    /extensions/,
  )
})
