import swagger from '@fastify/swagger'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { FastifySchema, RouteOptions } from 'fastify'
import * as z from 'zod'
import { Problem } from '../schemas/api.ts'
import { apiBodies } from '../schemas/catalog.ts'
import type { App } from './context.ts'

/**
 * What a route declares in its `config`: `open` needs no token; `problems` are statuses that do not follow from its
 * schema.
 */
export interface RouteConfig {
  open?: boolean
  problems?: readonly number[]
}

interface Described extends FastifySchema {
  operationId?: string
  hide?: boolean
  security?: readonly Record<string, readonly string[]>[]
}

const meanings: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'No valid token',
  403: 'Not allowed',
  404: 'Not found',
  409: 'The state does not allow this',
  413: 'Too large',
  415: 'Not JSON',
  422: 'The Idempotency-Key was used for something else, or the exercise is faulty',
  429: 'Too many requests',
  500: 'A fault of ours',
  503: 'Something we need does not answer',
}

/** The error statuses of a route, derived from what it accepts. */
function refusalsOf(schema: Described, { open, problems = [] }: RouteConfig): number[] {
  const from = [
    ...(open === true ? [] : [401, 403]),
    ...(schema.body === undefined ? [] : [400, 413, 415]),
    ...(schema.querystring === undefined && schema.headers === undefined ? [] : [400]),
    ...(schema.params === undefined ? [] : [400, 404]),
  ]
  return [...new Set([...from, ...problems, 500, 503])].toSorted((one, other) => one - other)
}

/** A name for generated clients, from method and path: `getRequestsByIdEvents`. */
const operationIdOf = (method: string, url: string): string =>
  [method.toLowerCase(), ...url.replace(/^\/api\/v1/, '').split(/[/.]/)]
    .filter(part => part !== '')
    .map(part => part.replace(/^:/, 'by_').replaceAll(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase()))
    .map((part, at) => (at === 0 ? part : `${part.charAt(0).toUpperCase()}${part.slice(1)}`))
    .join('')

function complete(route: RouteOptions): void {
  const schema: Described | undefined = route.schema
  if (schema === undefined || schema.hide === true) return
  const config: RouteConfig = { ...(route.config as RouteConfig | undefined) }
  const refusals = refusalsOf(schema, config).map(
    status =>
      [
        status,
        { description: meanings[status], content: { 'application/problem+json': { schema: Problem } } },
      ] as const,
  )
  schema.response = { ...Object.fromEntries(refusals), ...(schema.response as object | undefined) }
  // The HEAD of a route shares its schema.
  schema.operationId ??= operationIdOf([route.method].flat()[0] ?? 'GET', route.url)
  schema.security = config.open === true ? [] : [{ bearer: [] }]
}

/** The bodies of the API by name, which /openapi.json holds once each. */
const components = z.registry<{ id: string }>()
for (const [id, body] of Object.entries(apiBodies)) components.add(body, { id })

interface Operation {
  responses?: Record<string, object>
}

interface OpenApiDocument {
  paths?: object
  components?: { schemas?: Record<string, object> }
}

const withComponents = createJsonSchemaTransformObject({ schemaRegistry: components })
const reference = /"#\/components\/schemas\/(\w+)"/g

/**
 * Each body exists in two forms, as sent and as received; the document keeps those that a route or another body refers
 * to.
 */
const withUsedComponents: typeof withComponents = given => {
  const document = withComponents(given)
  const { paths, components: made }: OpenApiDocument = document
  const all = made?.schemas ?? {}
  const used = new Set<string>()
  const add = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(reference))
      if (!used.has(name)) {
        used.add(name)
        add(all[name])
      }
  }
  add(paths ?? {})
  const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)))
  const shared: object = { responses: shareProblems(paths ?? {}) }
  return { ...document, components: { ...made, schemas, ...shared } }
}

/** Replaces each problem by a reference to the one of its status, and returns those. */
function shareProblems(paths: object): Record<string, object> {
  const shared: Record<string, object> = {}
  const operations = Object.values(paths).flatMap(path => Object.values(path as Record<string, Operation>))
  for (const { responses = {} } of operations)
    for (const [status, response] of Object.entries(responses)) {
      if (!JSON.stringify(response).includes('application/problem+json')) continue
      shared[`Problem${status}`] = response
      responses[status] = { $ref: `#/components/responses/Problem${status}` }
    }
  return shared
}

/** Adds every route that is registered afterwards to /openapi.json, with its problems and its security. */
export async function describeRoutes(app: App, version: string): Promise<void> {
  app.addHook('onRoute', complete)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'LearnFlow tutoring API',
        version,
        description:
          'Submissions, questions, exercises and progress of people who learn Python. Errors are problem ' +
          'details (RFC 9457) with a `code` and a `hint`.',
      },
      servers: [{ url: '/', description: 'the address that serves this document' }],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: createJsonSchemaTransform({ schemaRegistry: components }),
    transformObject: withUsedComponents,
  })
  app.get('/openapi.json', { schema: { hide: true }, config: { open: true } }, async () => app.swagger())
}
