import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { connect, connectHttp, type Connection, eras, scratch } from './fixture/client.ts'
import { type HttpEndpoint, serveHttp } from './http.ts'
import { serverFactory } from './server.ts'
import { toolsSnapshot } from './snapshot.ts'

const place = scratch()
const command = join(import.meta.dirname, '..', 'bin', 'learnflow.ts')
let door: HttpEndpoint

beforeAll(async () => {
  vi.stubEnv('XDG_STATE_HOME', place.env.XDG_STATE_HOME)
  const config = readConfig({ LEARNFLOW_DATA_DIR: place.data }, {}, place.folder)
  door = await serveHttp(await serverFactory({ config, version: '0.0.0' }), {
    config,
    host: '127.0.0.1',
    port: 0,
    auth: false,
  })
})
afterAll(async () => {
  await door[Symbol.asyncDispose]()
  place.remove()
  vi.unstubAllEnvs()
})

const routes = eras.flatMap(era => [
  { era, route: 'stdio', open: async () => connect(place, { era, command, args: ['mcp'] }) },
  { era, route: 'http', open: async () => connectHttp(door.url, era) },
])

describe.each(routes)('$era by $route', ({ era, open }) => {
  let connection: Connection
  beforeAll(async () => {
    connection = await open()
  })
  afterAll(async () => connection[Symbol.asyncDispose]())

  test('speaks the era it was asked for and lists the five tools of the snapshot, twice the same', async () => {
    expect(connection.client.getNegotiatedProtocolVersion()).toBe(era)
    const { tools, ttlMs, cacheScope } = (await connection.client.listTools()) as {
      tools: unknown[]
      ttlMs?: number
      cacheScope?: string
    }
    const snapshot = JSON.parse(await toolsSnapshot()) as { tools: unknown[]; instructions: string }
    expect(tools).toEqual(snapshot.tools)
    expect((await connection.client.listTools()).tools).toEqual(tools)
    expect(connection.client.getInstructions()).toBe(snapshot.instructions)
    if (era === '2026-07-28') expect({ ttlMs, cacheScope }).toEqual({ ttlMs: 3_600_000, cacheScope: 'public' })
  })

  test('a bad argument is an error of the tool, an unknown tool one of the protocol', async () => {
    expect(await connection.call('read', { op: 5 })).toMatchObject({
      failed: true,
      structured: { code: 'INVALID_INPUT' },
    })
    expect(await connection.call('read', { op: 'platform-up/status', extra: 1 })).toMatchObject({
      failed: true,
      structured: { code: 'INVALID_INPUT' },
    })
    await expect(connection.call('destroy')).rejects.toMatchObject({ code: -32_602 })
    await expect(connection.call('constructor')).rejects.toMatchObject({ code: -32_602 })
  })

  test('reads, refuses to change through read, and tells what is missing', async () => {
    expect(await connection.call('read', { op: 'event-schemas/check' })).toMatchObject({
      failed: false,
      text: expect.stringContaining('none breaking'),
    })
    expect(await connection.call('read', { op: 'kafka-topics/create' })).toMatchObject({
      failed: true,
      structured: { hint: 'Use the tool change.' },
    })
    expect(await connection.call('change', { op: 'platform-up/status' })).toMatchObject({
      failed: true,
      structured: { hint: 'Use the tool read.' },
    })
    expect(await connection.call('read', { op: 'platform-up/status' })).toMatchObject({
      structured: { code: 'NOT_RUNNING', hint: 'change platform-up/up' },
    })
  })

  test('serves every skill as a resource, and only what belongs to a skill', async () => {
    const { resources } = await connection.client.listResources()
    expect(resources.map(({ uri }) => uri)).toContain('skill://kafka-topics/SKILL.md')
    const read = await connection.client.readResource({ uri: 'skill://kafka-topics/SKILL.md' })
    expect(read.contents[0]).toMatchObject({ text: expect.stringContaining('name: kafka-topics') })
    await expect(
      connection.client.readResource({ uri: 'skill://event-schemas/event-schemas.test.ts' }),
    ).rejects.toThrow()
    await expect(connection.client.readResource({ uri: 'skill://kafka-topics/../../package.json' })).rejects.toThrow()
  })
})

test('every tool has a title, four hints, an output schema and described parameters', async () => {
  const { tools } = JSON.parse(await toolsSnapshot()) as { tools: Listed[] }
  expect(tools.map(({ name }) => name)).toEqual(['find', 'read', 'change', 'job', 'code'])
  for (const { title, description, annotations, inputSchema, outputSchema } of tools) {
    expect(title).not.toBe('')
    expect(description.length).toBeLessThan(80)
    expect(Object.values(annotations).map(value => typeof value)).toEqual(['boolean', 'boolean', 'boolean', 'boolean'])
    expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
    expect(outputSchema).toMatchObject({ type: 'object' })
    for (const [name, { description: about, enum: words }] of Object.entries(inputSchema.properties))
      expect(words ?? about, name).toBeTruthy()
  }
})

interface Listed {
  name: string
  title: string
  description: string
  annotations: object
  inputSchema: { properties: Record<string, { description?: string; enum?: string[] }> }
  outputSchema: object
}

describe('a server that only reads', () => {
  let connection: Connection
  beforeAll(async () => {
    connection = await connect(place, { args: ['--read-only'] })
  })
  afterAll(async () => connection[Symbol.asyncDispose]())

  test('has no tool that changes, and code cannot be allowed to', async () => {
    const { tools } = await connection.client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['find', 'read', 'job', 'code'])
    expect(tools.every(({ annotations }) => annotations?.destructiveHint === false)).toBe(true)
    expect(JSON.stringify(tools)).not.toContain('allow')
    expect(await connection.call('code', { js: 'return 1', allow: ['demo/touch'] })).toMatchObject({
      failed: true,
      structured: { code: 'INVALID_INPUT' },
    })
  })

  test('has no side door: not by read, not by code, not by stopping what another server changes', async () => {
    expect(await connection.call('read', { op: 'demo/touch', args: { name: 'a' } })).toMatchObject({
      failed: true,
      structured: { code: 'FORBIDDEN' },
    })
    const js = 'try { await lf.change("demo/touch", { name: "a" }) } catch (e) { return e.code }'
    expect((await connection.call('code', { js })).text).toContain('FORBIDDEN')
    await using writer = await connect(place, { args: ['--answer-ms', '50'] })
    const { structured } = await writer.call('change', { op: 'demo/stubborn' })
    expect(await connection.call('job', { action: 'cancel', id: structured['job'] })).toMatchObject({
      failed: true,
      structured: { code: 'FORBIDDEN' },
    })
    expect(await writer.call('job', { action: 'cancel', id: structured['job'] })).toMatchObject({ failed: false })
    expect((await connection.call('find')).text).not.toContain('touch')
    expect(await connection.call('find', { words: 'demo/touch' })).toMatchObject({
      failed: true,
      structured: { code: 'FORBIDDEN', hint: 'Start it without --read-only.' },
    })
    expect((await connection.call('find', { words: 'demo' })).text).toContain('this server only reads: demo/')
  })

  test('says how long a job can be waited for', async () => {
    const said = await connection.call('job', { action: 'wait', id: 'abcd', seconds: 50 })
    expect(said).toMatchObject({ failed: true, structured: { code: 'INVALID_INPUT' } })
    expect(said.text).toContain('seconds: at most 45; wait again for longer')
  })
})
