import { expect, test } from 'vitest'
import { PassThrough } from 'node:stream'
import { relaxedLines, relaxedMessage } from './relaxed-message.ts'

const call = (given: string): string => `{"id":1,"method":"tools/call","params":{"name":"find","arguments":${given}}}`

test('null in place of arguments is none; nothing else of a message is changed', () => {
  expect(JSON.parse(relaxedMessage(call('null')))).toEqual(JSON.parse(call('{}')))
  const text = '"\\"arguments\\": null"'
  for (const given of [call('{"args":{"arguments":null}}'), call(`{"words":${text}}`), '{"arguments": null', 'null'])
    expect(relaxedMessage(given)).toBe(given)
})

test('messages of a stream are read so, whole and in order, until it ends', async () => {
  const input = new PassThrough()
  const lines = relaxedLines(input)
  const bytes = Buffer.from(`${call('null')}\n{"text":"\u00E4\u2028\u2029"}\n`)
  // In the middle of a character.
  input.write(bytes.subarray(0, -4))
  input.end(bytes.subarray(-4))
  const text = Buffer.concat(await lines.map(part => Buffer.from(part)).toArray()).toString()
  expect(text.split('\n')).toEqual([call('{}'), '{"text":"\u00E4\u2028\u2029"}', ''])
})
