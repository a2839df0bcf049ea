import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import * as z from 'zod'
import { kongResources } from '../../bin/tools/kong-resources.ts'
import { KongFile, type KongRoute, kongFolder, readKong, routeOf } from '../../platform/edge/kong.ts'
import { readConfig } from '../../platform/config.ts'

const kong = await readKong()
const [service] = kong.services
const api = service.routes.find(({ name }) => name === 'api') as KongRoute
const settingsOf = (route: KongRoute, name: string): unknown =>
  route.plugins.find(plugin => plugin.name === name)?.config
const OpenApi = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ security: z.array(z.unknown()).optional() }))),
})
const Resource = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), annotations: z.record(z.string(), z.string()).optional() }),
})
const openApi = OpenApi.parse(
  JSON.parse(await readFile(join(import.meta.dirname, '../../schemas/generated/openapi.json'), 'utf8')),
)
const operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map(method => ({ method: method.toUpperCase(), path: path.replaceAll(/\{[^}]+\}/g, 'x') })),
)

test('every operation of the API has its route, those under /api/ the one that asks for a token', () => {
  const uncovered = operations.filter(({ method, path }) => {
    const route = routeOf(kong, method, path)
    return route?.name !== (path.startsWith('/api/') ? 'api' : 'open')
  })
  expect(operations.length).toBeGreaterThan(40)
  expect(uncovered).toEqual([])
})

test('what no route takes does not reach the API: its metrics, other methods, paths that only begin alike', () => {
  for (const [method, path] of [
    ['GET', '/metrics'],
    ['POST', '/health/ready'],
    ['GET', '/health/ready/x'],
    ['GET', '/openapi.json.bak'],
    ['GET', '/api'],
    ['PATCH', '/api/v1/exercises'],
  ] as const)
    expect(routeOf(kong, method, path), `${method} ${path}`).toBeUndefined()
})

test('the limit is that of the API, by a header that the edge itself sets from the token before it counts', () => {
  expect(settingsOf(api, 'rate-limiting')).toMatchObject({
    minute: readConfig({}, {}, '/').LEARNFLOW_REQUESTS_PER_MINUTE,
    header_name: 'X-Student-Id',
  })
  const { access } = settingsOf(api, 'pre-function') as { access: [string] }
  const [cleared, set] = ['clear_header("X-Student-Id")', 'set_header("X-Student-Id", sub)'].map(call =>
    access[0].indexOf(`kong.service.request.${call}`),
  ) as [number, number]
  expect(cleared).toBeGreaterThan(-1)
  expect(set).toBeGreaterThan(cleared)
  expect(settingsOf(api, 'jwt')).toMatchObject({ key_claim_name: 'iss', claims_to_verify: ['exp'] })
  expect(kong.consumers.flatMap(({ jwt_secrets }) => jwt_secrets.map(({ key }) => key))).toContain(
    readConfig({}, {}, '/').LEARNFLOW_JWT_ISSUER,
  )
})

test.for([
  ['a plugin that nobody knows', 'rate-limiting', 'rate-limitting'],
  ['a setting that the plugin does not know', 'minute: 100', 'minuts: 100'],
  ['a token in the query', 'uri_param_names: []', 'uri_param_names: [jwt]'],
  ['a limit by address', 'limit_by: header', 'limit_by: ip'],
  ['a secret in the file', '${{ env "DECK_JWT_SECRET" }}', 'a secret of our own'],
  ['a path that is cut off', 'strip_path: false', 'strip_path: true'],
])('%s is refused', async ([, right, wrong]) => {
  const text = await readFile(join(kongFolder, 'kong.yaml'), 'utf8')
  const [document] = parseAllDocuments(text.replace(right as string, wrong as string))
  expect(text).toContain(right)
  expect(KongFile.safeParse(document?.toJS()).success).toBe(false)
})

test('the resources for a cluster are in step, and each route names plugins that are there', async () => {
  const text = await readFile(join(kongFolder, 'resources.yaml'), 'utf8')
  expect(text).toBe(kongResources(kong))
  const resources = parseAllDocuments(text).map(document => Resource.parse(document.toJS()))
  const plugins = resources.filter(({ kind }) => kind === 'KongPlugin').map(({ metadata }) => metadata.name)
  const named = resources.flatMap(({ metadata }) => metadata.annotations?.['konghq.com/plugins']?.split(',') ?? [])
  expect(new Set(named)).toEqual(new Set(plugins))
  expect(resources.filter(({ kind }) => kind === 'HTTPRoute')).toHaveLength(service.routes.length)
})
