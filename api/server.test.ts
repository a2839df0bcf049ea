import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { secret, startStack, tokenFor } from './test-stack.ts'
import { openApiDocument } from './openapi.ts'
import { agentDirectory } from '../agents/agents.ts'
import { startApi } from './server.ts'
// The description of OpenAPI itself, from https://spec.openapis.org/oas/3.1/schema (Apache-2.0).
import openApi31 from './fixture/openapi-3.1.json' with { type: 'json' }

const stack = await startStack({ working: false })
afterAll(async () => stack[Symbol.asyncDispose]())
const token = tokenFor('ann')

interface Description {
  paths: object
  components: { schemas: Record<string, object> }
}

test('every route of the description says what it does, who may, and how it fails', async () => {
  const document = await openApiDocument('1.2.3')
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } })
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Record<string, object>>).map(([method, operation]) => ({
      name: `${method} ${path}`,
      operation,
    })),
  )
  expect(operations.length).toBeGreaterThanOrEqual(20)
  for (const { name, operation } of operations) {
    expect(operation, name).toMatchObject({
      summary: expect.any(String),
      tags: [expect.any(String)],
      security: expect.any(Array),
    })
    expect(operation['responses'], name).toMatchObject({ 500: { $ref: '#/components/responses/Problem500' } })
  }
  expect(document).toMatchObject({
    components: { responses: { Problem500: { content: { 'application/problem+json': expect.anything() } } } },
  })
  expect((await stack.call('GET', '/openapi.json')).body).toEqual({
    ...document,
    info: { ...document.info, version: '0.0.0' },
  })
})

test('the description is OpenAPI 3.1, has each body once, and its bodies are JSON Schema', async () => {
  const document = JSON.parse(JSON.stringify(await openApiDocument('1.2.3'))) as Description
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  ajv.addFormat('media-range', true)
  const isOpenApi = ajv.compile(openApi31)
  isOpenApi(document)
  expect(isOpenApi.errors).toBeNull()
  expect(isOpenApi({ ...document, paths: { 'no-slash': {} } })).toBe(false)

  const names = Object.keys(document.components.schemas)
  ajv.addSchema(document, 'api.json')
  for (const name of names) ajv.compile({ $ref: `api.json#/components/schemas/${name}` })
  const named = Array.from(
    JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g),
    ([, name]) => name,
  )
  expect(new Set(named)).toEqual(new Set(names))
  const problem = ajv.compile({ $ref: 'api.json#/components/schemas/Problem' })
  const { body } = await stack.call('GET', '/api/v1/requests/no-uuid', { token })
  expect(problem(body), JSON.stringify(problem.errors)).toBe(true)
  expect(problem({ ...body, hint: 5 })).toBe(false)
  // A problem or body that is written out for each operation costs more than this.
  const operations = Object.values(document.paths).flatMap(path => Object.keys(path as object)).length
  expect(JSON.stringify(document, null, 2).length / operations).toBeLessThanOrEqual(4_100)
})

test('a port that is taken is named, with the flag that chooses another', async () => {
  const port = Number(new URL(stack.url).port)
  const starting = startApi({
    ports: stack.ports,
    bank: stack.bank,
    config: readConfig({ LEARNFLOW_HTTP_PORT: port }, {}, '/'),
    secret,
    agents: agentDirectory([]),
    notify: () => {},
    version: '0',
    target: 'embedded',
  })
  await expect(starting).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: expect.stringContaining(String(port)),
    hint: expect.stringContaining('--port'),
  })
})

test('exercises are shown without what gives them away', async () => {
  const { exercises } = (await stack.call('GET', '/api/v1/exercises', { token })).body
  expect(exercises).toHaveLength(stack.bank.list().length)
  for (const { id } of exercises) {
    const { body } = await stack.call('GET', `/api/v1/exercises/${id}`, { token })
    for (const secretField of ['reference', 'alternatives', 'mistakes', 'generate'])
      expect(body).not.toHaveProperty(secretField)
    expect(body.tests.some((one: { hidden?: boolean }) => one.hidden)).toBe(false)
  }
  const { module, level } = exercises[0]
  expect(
    (await stack.call('GET', `/api/v1/exercises?module=${module}&level=${level}`, { token })).body.exercises.every(
      (one: { module: string; level: string }) => one.module === module && one.level === level,
    ),
  ).toBe(true)
  expect(await stack.call('GET', '/api/v1/exercises?module=magic', { token })).toMatchObject({ status: 400 })
})

test('a program is run without being graded', async () => {
  expect(
    await stack.call('POST', '/api/v1/sandbox/execute/python', { token, body: { code: 'print("hi")' } }),
  ).toMatchObject({
    status: 200,
    body: { ended: 'ok', stdout: 'hi\n' },
  })
  expect(
    await stack.call('POST', '/api/v1/sandbox/execute/python', { token, body: { code: '', seconds: 6 } }),
  ).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'body.seconds' }] },
  })
})

test('the metrics count what is stored and queued, without synthetic students', async () => {
  await stack.submit(token)
  await stack.submit(tokenFor('synthetic-1'))
  const { body } = await stack.call('GET', '/metrics')
  expect(body).toMatch(/^learnflow_submissions 1$/m)
  expect(body).toMatch(/^learnflow_queue_depth\{kind="submission"\} 2$/m)
  expect(body).toMatch(
    /^learnflow_http_request_seconds_count\{method="POST",route="\/api\/v1\/submissions",status="202"\} 2$/m,
  )
  expect(body).toMatch(/^process_cpu_seconds_total /m)
})

test('a failure of ours says nothing of itself', async () => {
  const { run } = stack.ports.sandbox
  stack.ports.sandbox.run = async () => Promise.reject(new Error('the password is hunter2'))
  const reply = await stack.call('POST', '/api/v1/sandbox/execute/python', { token, body: { code: 'x' } })
  stack.ports.sandbox.run = run
  expect(reply).toMatchObject({ status: 500, body: { code: 'INTERNAL' } })
  expect(JSON.stringify(reply.body)).not.toContain('hunter2')
})

test('while it drains it is not ready, but answers', async () => {
  expect(await stack.call('GET', '/health/ready')).toMatchObject({
    status: 200,
    body: { status: 'ready', target: 'embedded', fakes: [], sandbox: stack.ports.sandbox.health().layers },
  })
  stack.api.beginDrain()
  expect(await stack.call('GET', '/health/ready')).toMatchObject({ status: 503, body: { status: 'draining' } })
  expect((await stack.call('GET', '/health/live')).status).toBe(200)
  expect((await stack.submit(token)).status).toBe(202)
})

test('every operation has a name of its own, and no answer may be taken for another type', async () => {
  const { headers, body } = await stack.call('GET', '/openapi.json')
  const operations = Object.values(body.paths as Record<string, Record<string, { operationId?: string }>>).flatMap(
    Object.values,
  )
  const ids = operations.map(({ operationId }) => operationId)
  expect(ids).toContain('getRequestsByIdEvents')
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).not.toContain(undefined)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})
