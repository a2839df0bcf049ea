import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { gradeProgram } from '../grade/grade.ts'
import { exerciseOf } from '../test-exercise.ts'
import { codes, type FeedbackCode } from './codes.ts'
import { note } from './note.ts'
import { catalogueOf, languages, noteText, parseCatalogue, place } from './texts.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const all = Object.keys(codes) as FeedbackCode[]
const placesOf = (text: string): string[] => [...new Set([...text.matchAll(place)].map(([, name = '']) => name))]

/** The exercise and the program of an example, or its sentence when it has no program. */
function exampleOf(markdown: string): { exercise: Parameters<typeof exerciseOf>[0]; program: string } | string {
  const [, exercise, program] = /^```yaml\n([^]*?)```\n\n```python\n([^]*?)```$/.exec(markdown) ?? []
  return exercise === undefined || program === undefined ? markdown : { exercise: parse(exercise), program }
}

test.each(languages())(
  'in the language %s each code has a text and an example, and no text is without a code',
  language => {
    const { entries } = catalogueOf(language)
    expect([...entries.keys()].toSorted()).toEqual(all.toSorted())
    for (const [code, { text, example }] of entries) expect({ code, text, example }).not.toMatchObject({ text: '' })
    expect([...entries].filter(([, { example }]) => example === '')).toEqual([])
  },
)

test.each(languages())('in the language %s the places of each text are the params of its code', language => {
  const { entries, words } = catalogueOf(language)
  for (const code of all)
    expect({ code, places: placesOf(entries.get(code)?.text ?? '').toSorted() }).toEqual({
      code,
      places: [...codes[code].params].toSorted(),
    })
  for (const word of ['hidden test', 'any other type', 'list', 'None']) expect(words.get(word)).not.toBeUndefined()
})

/** The one code that no program can cause. */
const stored: readonly FeedbackCode[] = ['legacy']

test.each(languages().flatMap(language => all.map(code => [language, code] as const)))(
  '%s: of the example of %s this is said, with all that the text needs',
  async (language, code) => {
    const example = exampleOf(catalogueOf(language).entries.get(code)?.example ?? '')
    if (typeof example === 'string') return expect(stored).toContain(code)
    const exercise = exerciseOf({ kind: 'file', ...example.exercise })
    const { notes } = await gradeProgram(example.program, exercise, sandbox, { seed: '1', detail: 'notes' })
    const found = notes.find(one => one.code === code)
    expect(notes.map(one => one.code)).toContain(code)
    const given = [...Object.keys(found?.params ?? {}), ...(found?.line === undefined ? [] : ['line'])]
    expect(given.toSorted()).toEqual([...codes[code].params].toSorted())
    for (const one of notes) expect(noteText(one, language)).toMatch(/\w/)
  },
)

test('a text names the type and the line, and of a hidden test nothing', () => {
  expect(noteText(note('type-equal', { call: null, got: 'None', expected: 'Animal' }))).toBe(
    'in a hidden test: None where an object of type Animal is expected: equal in Python, but another type',
  )
  expect(noteText(note('rule-banned', { name: '{line}', line: 3 }))).toBe(
    'line 3 uses {line}, which this exercise does not allow',
  )
})

test('a code without a text, a param that is missing and a language without a file are errors', () => {
  expect(() => noteText({ code: 'no-such-code', params: {}, severity: 'info' })).toThrow(
    /no text in en\.md.*no-such-code/,
  )
  expect(() => noteText({ code: 'rule-banned', params: { name: 'pow' }, severity: 'info' })).toThrow(/needs line/)
  expect(() => noteText(note('value-sign'), 'none')).toThrow(/none\.md/)
  expect(() => parseCatalogue('## a\n\none\n\n## a\n\ntwo\n')).toThrow(/a has two texts/)
})
