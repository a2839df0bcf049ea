import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'

/** The folder of the edge's description and of what is generated from it. */
export const kongFolder = join(import.meta.dirname, '..', '..', 'manifests', 'kong')

const headerName = z.string().regex(/^[A-Za-z][A-Za-z-]*$/)
const lua = z.array(z.string().min(1)).min(1)
const method = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])

/** The plugins that the edge uses, with the settings that Kong 3.9 knows; one that it does not know is an error. */
const configs = {
  'pre-function': z.strictObject({ access: lua }),
  jwt: z.strictObject({
    key_claim_name: z.string().min(1),
    claims_to_verify: z.array(z.enum(['exp', 'nbf'])).min(1),
    header_names: z.array(headerName).length(1),
    // By default Kong takes a token from the query too, and then limits by address.
    uri_param_names: z.tuple([]),
    cookie_names: z.tuple([]),
    run_on_preflight: z.literal(false),
  }),
  'rate-limiting': z.strictObject({
    minute: z.number().int().min(1),
    limit_by: z.literal('header'),
    header_name: headerName,
    policy: z.enum(['local', 'redis']),
    fault_tolerant: z.boolean(),
    hide_client_headers: z.boolean(),
  }),
  'request-size-limiting': z.strictObject({
    allowed_payload_size: z.number().int().min(1),
    size_unit: z.enum(['bytes', 'kilobytes', 'megabytes']),
    require_content_length: z.boolean(),
  }),
  'correlation-id': z.strictObject({
    header_name: headerName,
    generator: z.enum(['uuid', 'uuid#counter', 'tracker']),
    echo_downstream: z.boolean(),
  }),
  cors: z.strictObject({
    origins: z.array(z.url()).min(1),
    methods: z.array(method),
    headers: z.array(headerName),
    exposed_headers: z.array(headerName),
    max_age: z.number().int(),
    credentials: z.boolean(),
    preflight_continue: z.literal(false),
  }),
  prometheus: z.strictObject({
    per_consumer: z.boolean(),
    status_code_metrics: z.boolean(),
    latency_metrics: z.boolean(),
  }),
} as const

const plugin = <Name extends keyof typeof configs>(name: Name) =>
  z.strictObject({ name: z.literal(name), config: configs[name] })
const Plugin = z.discriminatedUnion('name', [
  plugin('pre-function'),
  plugin('jwt'),
  plugin('rate-limiting'),
  plugin('request-size-limiting'),
  plugin('correlation-id'),
  plugin('cors'),
  plugin('prometheus'),
])
/** One plugin: its name, and settings that Kong knows. */
export const KongPluginConfig = Plugin
const Route = z.strictObject({
  name: z.string().regex(/^[a-z-]+$/),
  protocols: z.array(z.enum(['http', 'https'])).min(1),
  methods: z.array(method).min(1),
  /** A prefix, or a regular expression after `~`. */
  paths: z.array(z.string().regex(/^~?\//)).min(1),
  strip_path: z.literal(false),
  preserve_host: z.boolean(),
  response_buffering: z.boolean().optional(),
  plugins: z.array(Plugin).default([]),
})

/** The declarative file of Kong (format 3.0), as far as the edge uses it. */
export const KongFile = z.strictObject({
  _format_version: z.literal('3.0'),
  services: z.tuple([
    z.strictObject({
      name: z.string(),
      url: z.url({ protocol: /^https?$/ }),
      read_timeout: z.number().int().min(31_000),
      retries: z.number().int().min(0),
      routes: z.array(Route).min(1),
    }),
  ]),
  consumers: z
    .array(
      z.strictObject({
        username: z.string(),
        jwt_secrets: z
          .array(
            z.strictObject({
              key: z.string(),
              algorithm: z.enum(['HS256', 'RS256']),
              // Never the secret itself.
              secret: z.string().regex(/^\$\{\{ env "DECK_[A-Z_]+" \}\}$/),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
  plugins: z.array(Plugin),
})
export type KongFile = z.infer<typeof KongFile>
export type KongPlugin = z.infer<typeof Plugin>
export type KongRoute = z.infer<typeof Route>

/** Reads the description of the edge. @throws ZodError when Kong would not take it as it is meant */
export async function readKong(folder = kongFolder): Promise<KongFile> {
  return KongFile.parse(parse(await readFile(join(folder, 'kong.yaml'), 'utf8')))
}

/** The route that takes a request, as Kong chooses it: a regular expression before a prefix. */
export function routeOf({ services: [{ routes }] }: KongFile, method: string, path: string): KongRoute | undefined {
  const taken = (pattern: string): boolean =>
    pattern.startsWith('~') ? new RegExp(`^${pattern.slice(1)}`).test(path) : path.startsWith(pattern)
  const fitting = routes.filter(({ methods, paths }) => methods.some(one => one === method) && paths.some(taken))
  return fitting.toSorted((one, other) => Number(isPrefix(one)) - Number(isPrefix(other)))[0]
}

const isPrefix = ({ paths }: KongRoute): boolean => paths.every(path => !path.startsWith('~'))
