import { expect, test } from 'vitest'
import { inputOfTool, toolDefinition } from './tools.ts'

test('objects and lists as JSON text and null for what is unset are read as they were meant', () => {
  expect(
    inputOfTool('change', { op: 'a/b', args: '{"target": "local", "n": null}', dry_run: null, confirm: null }, false),
  ).toEqual({ op: 'a/b', args: { target: 'local' } })
  expect(inputOfTool('read', { op: 'a/b', args: null, page: null }, false)).toEqual({ op: 'a/b' })
  for (const none of ['null', ' null ', ''])
    expect(inputOfTool('read', { op: 'a/b', args: none }, false)).toEqual({ op: 'a/b' })
  expect(inputOfTool('read', { op: 'a/b', args: '{}' }, false)).toEqual({ op: 'a/b', args: {} })
  expect(inputOfTool('code', { js: 'return [1]', allow: '["a/b"]' }, false)).toEqual({
    js: 'return [1]',
    allow: ['a/b'],
  })
  expect(inputOfTool('find', null, false)).toEqual({})
})

test('anything else has to be as the schema says', () => {
  for (const args of ['text', '[1]', '{"a": ', '5', 5, [1], true])
    expect(() => inputOfTool('read', { op: 'a/b', args }, false)).toThrow('args')
  expect(() => inputOfTool('read', { op: 'a/b', more: 1 }, false)).toThrow('more')
  expect(() => inputOfTool('read', { op: null }, false)).toThrow('op')
  expect(() => inputOfTool('code', { js: 'x', allow: '["a/b"]' }, true)).toThrow('allow')
})

test('every object of a published input names its properties, as hosts that convert schemas demand', () => {
  for (const name of ['find', 'read', 'change', 'job', 'code'] as const) {
    const schema = toolDefinition(name, false).inputSchema['~standard'].jsonSchema.input({ target: 'draft-2020-12' })
    const open: unknown[] = []
    JSON.stringify(schema, (_, value) => {
      if (value?.type === 'object' && !('properties' in value)) open.push(value)
      return value
    })
    expect(open).toEqual([])
  }
})
