import { createSign, generateKeyPairSync } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { request } from 'node:http'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Config, readConfig } from '../platform/config.ts'
import { readSecret } from '../platform/owner/data-folder.ts'
import { signToken } from '../api/tokens.ts'
import { agentToken } from './auth.ts'
import { connectHttp, scratch } from './fixture/client.ts'
import { type HttpEndpoint, serveHttp } from './http.ts'
import { serverFactory } from './server.ts'

const place = scratch()
const config: Config = readConfig({ LEARNFLOW_DATA_DIR: place.data }, {}, place.folder)
const fixture = join(import.meta.dirname, 'fixture')
let open: HttpEndpoint
let guarded: HttpEndpoint

async function serve(more: { auth: boolean; host?: string; config?: Config }): Promise<HttpEndpoint> {
  const used = more.config ?? config
  return serveHttp(await serverFactory({ config: used, version: '0.0.0', root: fixture }), {
    host: '127.0.0.1',
    port: 0,
    ...more,
    config: used,
  })
}

beforeAll(async () => {
  vi.stubEnv('XDG_STATE_HOME', place.env.XDG_STATE_HOME)
  mkdirSync(place.data, { recursive: true })
  ;[open, guarded] = await Promise.all([serve({ auth: false }), serve({ auth: true })])
})
afterAll(async () => {
  await Promise.all([open, guarded].map(async door => door[Symbol.asyncDispose]()))
  place.remove()
  vi.unstubAllEnvs()
})

interface Reply {
  status: number | undefined
  headers: Record<string, string | string[] | undefined>
  body: string
}

const listTools = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/list',
  params: {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
}
const modern = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' }

/** A request with any headers, including those that fetch does not allow. */
async function send(
  url: string,
  {
    method = 'POST',
    headers = {},
    body = JSON.stringify(listTools),
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method,
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...modern,
          ...headers,
        },
      },
      reply => {
        const parts: Buffer[] = []
        reply
          .on('data', (part: Buffer) => parts.push(part))
          .on('end', () =>
            resolve({ status: reply.statusCode, headers: reply.headers, body: Buffer.concat(parts).toString() }),
          )
      },
    )
    sent.on('error', reject).end(method === 'POST' ? body : undefined)
  })
}

test('only POST to one path, and a body that is JSON', async () => {
  expect(await send(open.url)).toMatchObject({ status: 200 })
  expect(await send(open.url, { method: 'GET' })).toMatchObject({ status: 405, headers: { allow: 'POST' } })
  expect(await send(open.url, { method: 'DELETE' })).toMatchObject({ status: 405 })
  expect(await send(new URL('/other', open.url).href)).toMatchObject({ status: 404 })
  expect(await send(open.url, { headers: { 'content-type': 'text/plain' } })).toMatchObject({ status: 415 })
  expect(await send(open.url, { body: '{' })).toMatchObject({ status: 400 })
  expect(
    await send(open.url, { body: JSON.stringify({ ...listTools, padding: 'x'.repeat(5_000_000) }) }),
  ).toMatchObject({ status: 413 })
})

test('a caller who takes anything is answered, and one who takes neither kind of answer is not', async () => {
  const clientInfo = { name: 'any', version: '1' }
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })
  const statusFor = async (accept: string) =>
    (await fetch(open.url, { method: 'POST', body, headers: { 'content-type': 'application/json', accept } })).status
  expect(await Promise.all(['*/*', 'application/*', 'text/html, */*;q=0.8'].map(statusFor))).toEqual([200, 200, 200])
  expect(await statusFor('text/html')).toBe(406)
})

test('a tool that is called with null for its arguments is called without any', async () => {
  const body = JSON.stringify({
    ...listTools,
    method: 'tools/call',
    params: { ...listTools.params, name: 'find', arguments: null },
  })
  const headers = { 'mcp-method': 'tools/call', 'mcp-name': 'find' }
  expect(await send(open.url, { body, headers })).toMatchObject({ status: 200 })
})

test('headers that say another method, tool or version than the body are refused with 400', async () => {
  expect(await send(open.url, { headers: { 'mcp-method': 'prompts/list' } })).toMatchObject({ status: 400 })
  expect(await send(open.url, { headers: { 'mcp-protocol-version': '2025-11-25' } })).toMatchObject({ status: 400 })
  const call = JSON.stringify({
    ...listTools,
    method: 'tools/call',
    params: { ...listTools.params, name: 'find', arguments: {} },
  })
  expect(
    await send(open.url, { body: call, headers: { 'mcp-method': 'tools/call', 'mcp-name': 'change' } }),
  ).toMatchObject({ status: 400 })
  expect(
    await send(open.url, { body: call, headers: { 'mcp-method': 'tools/call', 'mcp-name': 'find' } }),
  ).toMatchObject({ status: 200 })
})

test('a page of another site cannot reach it: Origin and Host are looked at', async () => {
  for (const origin of ['http://evil.example', 'null', 'http://localhost.evil.example', 'file://'])
    expect(await send(open.url, { headers: { origin } }), origin).toMatchObject({ status: 403 })
  for (const host of ['evil.example', 'evil.example:80', '127.0.0.1.evil.example'])
    expect(await send(open.url, { headers: { host } }), host).toMatchObject({ status: 403 })
  expect(await send(open.url, { headers: { origin: 'http://localhost:3000' } })).toMatchObject({ status: 200 })
})

test('an address that others can reach is refused without authorization, and served with it', async () => {
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org'])
    await expect(serve({ auth: false, host })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      hint: expect.stringContaining('--auth'),
    })
  await using door = await serve({ auth: true, host: '0.0.0.0' })
  const { port } = new URL(door.url)
  const own =
    Object.values(networkInterfaces())
      .flat()
      .find(address => address?.family === 'IPv4' && !address.internal)?.address ?? '127.0.0.1'
  expect(await send(`http://${own}:${port}/mcp`)).toMatchObject({ status: 401 })
  expect(await send(`http://${own}:${port}/mcp`, { headers: { host: 'evil.example' } })).toMatchObject({ status: 403 })
})

test('without a valid token: 401 with where to learn more, and RFC 9728 metadata there', async () => {
  const { status, headers } = await send(guarded.url)
  expect(status).toBe(401)
  const place = /resource_metadata="([^"]+)"/.exec(String(headers['www-authenticate']))?.[1] ?? ''
  const { body } = await send(place, { method: 'GET' })
  expect(JSON.parse(body)).toMatchObject({
    resource: guarded.url,
    bearer_methods_supported: ['header'],
    scopes_supported: ['learnflow:read', 'learnflow:change'],
  })
  const secret = await readSecret(config.LEARNFLOW_DATA_DIR)
  const wrong = [
    signToken(secret, config.LEARNFLOW_JWT_ISSUER, { student: 's1', role: 'operator' }),
    (await agentToken(config, false)).slice(0, -3),
    await agentToken({ ...config, LEARNFLOW_JWT_ISSUER: 'other' }, false),
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"aud":"learnflow-mcp","iss":"learnflow","sub":"x","scope":"learnflow:read","exp":99999999999}').toString('base64url')}.`,
    'x',
  ]
  for (const token of wrong) {
    const refused = await send(guarded.url, { headers: { authorization: `Bearer ${token}` } })
    expect(refused).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': expect.stringContaining('invalid_token') },
    })
  }
  for (const method of ['GET', 'DELETE']) expect(await send(guarded.url, { method })).toMatchObject({ status: 401 })
})

test('a token that may only read cannot change: 403 that names the missing scope', async () => {
  const token = await agentToken(config, true)
  await using connection = await connectHttp(guarded.url, '2026-07-28', token)
  expect(await connection.call('read', { op: 'demo/say', args: { text: 'hello' } })).toMatchObject({ text: 'hello' })
  const call = (name: string, args: object) => ({
    body: JSON.stringify({
      ...listTools,
      method: 'tools/call',
      params: { ...listTools.params, name, arguments: args },
    }),
    headers: { authorization: `Bearer ${token}`, 'mcp-method': 'tools/call', 'mcp-name': name },
  })
  const refused = {
    status: 403,
    headers: { 'www-authenticate': expect.stringMatching(/insufficient_scope.*learnflow:change/) },
  }
  expect(await send(guarded.url, call('change', { op: 'demo/touch', args: { name: 'a' } }))).toMatchObject(refused)
  expect(await send(guarded.url, call('code', { js: 'return 1', allow: ['demo/touch'] }))).toMatchObject(refused)
  expect(await send(guarded.url, call('code', { js: 'return 1', allow: '["demo/touch"]' }))).toMatchObject(refused)
  expect(await send(guarded.url, call('code', { js: 'return 1' }))).toMatchObject({ status: 200 })
  await using other = await connectHttp(guarded.url, '2026-07-28', await agentToken(config, false))
  expect(await other.call('change', { op: 'demo/touch', args: { name: 'a' } })).toMatchObject({ text: 'made a' })
  await using legacy = await connectHttp(guarded.url, '2025-11-25', token)
  await expect(legacy.call('change', { op: 'demo/touch', args: { name: 'b' } })).rejects.toThrow()
})

test('with a public key only tokens of its owner are taken', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  await using door = await serve({
    auth: true,
    config: { ...config, LEARNFLOW_JWT_PUBLIC_KEY: pem, LEARNFLOW_JWT_ISSUER: 'https://issuer.example' },
  })
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const token = (claims: object): string => {
    const head = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ sub: 'a', scope: 'learnflow:read', iss: 'https://issuer.example', aud: 'learnflow-mcp', exp: Date.now() / 1_000 + 60, ...claims })}`
    return `${head}.${createSign('RSA-SHA256').update(head).sign(privateKey).toString('base64url')}`
  }
  const status = async (bearer: string) =>
    (await send(door.url, { headers: { authorization: `Bearer ${bearer}` } })).status
  expect(await status(token({}))).toBe(200)
  expect(await status(token({ aud: 'learnflow' }))).toBe(401)
  expect(await status(token({ exp: Date.now() / 1_000 - 60 }))).toBe(401)
  expect(await status(await agentToken(config, false))).toBe(401)
  const metadata = await send(new URL('/.well-known/oauth-protected-resource/mcp', door.url).href, { method: 'GET' })
  expect(JSON.parse(metadata.body)).toMatchObject({ authorization_servers: ['https://issuer.example'] })
})

test('the command says where it serves, hands out tokens, and refuses what it cannot serve', async () => {
  const cli = async (...args: string[]) =>
    execa(process.execPath, [join(import.meta.dirname, '..', 'bin', 'learnflow.ts'), 'mcp', ...args], {
      env: place.env,
      extendEnv: false,
      cwd: place.folder,
      reject: false,
    })
  expect(await cli('--http', '0', '--host', '0.0.0.0', '--data', place.data)).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('--auth'),
  })
  expect(await cli('--http', new URL(open.url).port, '--data', place.data)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('PORT_IN_USE'),
  })
  expect(await cli('--http', 'x')).toMatchObject({ exitCode: 3 })
  expect(await cli('--token', '--data', join(place.folder, 'none'))).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('NOT_RUNNING'),
  })
  const { stdout } = await cli('--token', '--data', place.data)
  expect(await send(guarded.url, { headers: { authorization: `Bearer ${stdout}` } })).toMatchObject({ status: 200 })
})
