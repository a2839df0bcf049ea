import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as fc from 'fast-check'
import { dataPaths } from '../platform/owner/data-folder.ts'
import { scriptIds, skillNames } from '../skills/registry.ts'
import { connect, type Connection, scratch } from './fixture/client.ts'
import { toolsSnapshot } from './snapshot.ts'
import { cut, pagesOf, maxTokens } from './text.ts'

// Maximum tokens of o200k_base, as the project promises; the comments at the assertions give the last measured values.
const gate = { listed: 600, full: 1_100, instructions: 100, success: 40, failure: 120, any: 400 }
const place = scratch()
let real: Connection
let demo: Connection

beforeAll(async () => {
  const command = join(import.meta.dirname, '..', 'bin', 'learnflow.ts')
  ;[real, demo] = await Promise.all([connect(place, { command, args: ['mcp'] }), connect(place)])
})
afterAll(async () => {
  await Promise.all([real[Symbol.asyncDispose](), demo[Symbol.asyncDispose]()])
  place.remove()
})

test('what a model is told before it calls anything', async () => {
  const { tools, instructions } = JSON.parse(await toolsSnapshot()) as {
    tools: { name: string; description: string; inputSchema: object }[]
    instructions: string
  }
  const listed = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))
  expect(countTokens(JSON.stringify(listed))).toBeLessThanOrEqual(gate.listed) // 441
  expect(countTokens(JSON.stringify(tools))).toBeLessThanOrEqual(gate.full) // 937
  expect(countTokens(instructions)).toBeLessThanOrEqual(gate.instructions) // 71
})

test('find: the whole catalogue, every operation, every skill, any words', async () => {
  expect((await real.call('find')).tokens).toBeLessThanOrEqual(gate.any)
  for (const words of [
    ...scriptIds(),
    ...skillNames(),
    'topic',
    'the platform',
    'all of everything that reads or changes',
  ]) {
    const { tokens, failed, text } = await real.call('find', { words })
    expect({ words, text, failed, fits: tokens <= gate.any }).toMatchObject({ failed: false, fits: true })
  }
})

test('success is one line of facts, failure a cause and a fix', async () => {
  const successes = [
    await real.call('read', { op: 'event-schemas/check' }),
    await real.call('change', { op: 'event-schemas/generate', dry_run: true }),
    await demo.call('change', { op: 'demo/touch', args: { name: 'a' } }),
    await demo.call('change', { op: 'demo/touch', args: { name: 'b' }, dry_run: true }),
    await demo.call('change', { op: 'demo/erase', dry_run: true }),
    await demo.call('job', { action: 'list' }),
    await demo.call('code', { js: 'return (await lf.read("demo/say", { text: "hello" })).lines' }),
  ]
  expect(successes.filter(({ failed, tokens }) => failed || tokens > gate.success)).toEqual([])
  const failures = [
    await real.call('read', { op: 'platform-up/status' }),
    await real.call('read', { op: 'kafka-topics/list' }),
    await real.call('read', { op: 'nothing/like-it' }),
    await real.call('change', { op: 'kafka-topics/produce', args: { x: 1 } }),
    await real.call('find', { words: 'zzzzqqqq' }),
    await demo.call('code', { js: 'return nope' }),
    await demo.call('job', { action: 'status', id: 'nosuch' }),
    await demo.call('read', {
      op: 'demo/say',
      args: { fail: true, text: 'the broker at 127.0.0.1:9092 did not answer within 3 s. '.repeat(100) },
    }),
  ]
  expect(failures.filter(({ failed, tokens }) => !failed || tokens > gate.failure)).toEqual([])
})

/** The texts with the most tokens that a platform could hold. */
const dear = {
  words: 'The exercise agent has not read the topic. ',
  json: '{"id":"0b3c","offset":17,"key":"student-1"},',
  letters: 'xqzjkvwpgbfmhydtn',
  mixed: 'aB3xZ9qW7',
  digits: '8301947265',
  marks: '"\\{}[]<>|~^`',
  spaced: 'a 1 b-2 ',
  chinese: '漢字仮名交龍',
  emoji: '👩‍👩‍👧‍👦🎉',
  controls: '\u0000\u001B[31m\u202E\u200B',
}

test.each(Object.entries(dear))('nothing is over 400 tokens, whatever the platform holds: %s', async (_, part) => {
  const text = part.repeat(4_000)
  const results = [
    await demo.call('read', { op: 'demo/say', args: { text } }),
    await demo.call('read', { op: 'demo/say', args: { text, times: 3 }, page: 1 }),
    await demo.call('read', { op: 'demo/say', args: { text, times: 3 }, page: 7 }),
    await demo.call('read', { op: 'demo/say', args: { text, fail: true } }),
    await demo.call('code', {
      js: `return (await lf.read("demo/say", ${JSON.stringify({ text })})).lines.concat(["end"])`,
    }),
  ]
  expect(results.map(({ tokens }) => tokens).filter(tokens => tokens > gate.any)).toEqual([])
})

test('a plan of a thousand lines, a thousand jobs and a long log are cut or paged', async () => {
  const things = join(place.data, 'things')
  mkdirSync(things, { recursive: true })
  for (let at = 0; at < 1_000; at++) writeFileSync(join(things, `a thing with a long name, number ${at}`), '')
  const { tokens, text } = await demo.call('change', { op: 'demo/erase', dry_run: true })
  expect({ fits: tokens <= gate.any, text }).toMatchObject({
    fits: true,
    text: expect.stringMatching(/and 9\d\d more\n.*would change 100\d/),
  })
  mkdirSync(place.data, { recursive: true })
  const { log } = dataPaths(place.data)
  writeFileSync(
    log,
    Array.from({ length: 2_000 }, (_, at) => `{"level":30,"time":${at},"msg":"line ${at} of the log"}\n`).join(''),
  )
  const { contents } = await demo.client.readResource({ uri: 'learnflow://log/platform' })
  const page = contents[0] !== undefined && 'text' in contents[0] ? contents[0].text : ''
  expect(page).toMatch(/^untrusted log, newest first, page 1 of \d+:\n.*line 1999 of the log/)
  expect(countTokens(page)).toBeLessThanOrEqual(gate.any)
  const { contents: next } = await demo.client.readResource({ uri: 'learnflow://log/platform/2' })
  expect(next[0]).toMatchObject({ text: expect.stringContaining('page 2 of') })
  for (const uri of [
    'learnflow://log/platform/0',
    'learnflow://log/platform/9999',
    'learnflow://log/secret',
    'learnflow://log/..%2Fsecret',
  ])
    await expect(demo.client.readResource({ uri })).rejects.toThrow()
})

test('the estimate of tokens is above the truth, and pages lose nothing', () => {
  const parts = fc.constantFrom(...Object.values(dear), ' ', '\n', 'learnflow', 'exercise', '0')
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 60 }), fc.integer({ min: 20, max: 300 }), (chosen, max) => {
      const text = chosen.join('')
      expect(countTokens(text)).toBeLessThanOrEqual(maxTokens(text) + 1)
      expect(countTokens(cut(text, max))).toBeLessThanOrEqual(max + 1)
      const lines = text.split('\n')
      expect(pagesOf(lines, max).flat().join('')).toBe(lines.join(''))
    }),
    { numRuns: 300 },
  )
})
