import compress from '@fastify/compress'
import cors from '@fastify/cors'
import etag from '@fastify/etag'
import type { Config } from '../platform/config.ts'
import type { App } from './context.ts'
import { limitHeaders } from './request-limit.ts'

/** Streams of events are sent as they come, which a compressor would hold back. */
const compressible = /^(?:application\/(?:problem\+)?json|text\/(?:csv|plain))\b/
/** Below this many bytes compressing costs more than it saves. */
const threshold = 1_024

/**
 * What browsers and caches expect of an HTTP API: pages of the configured origins may call it, and large answers are
 * compressed (RFC 9110 section 8.4) for those who accept it.
 */
export async function serveTheWeb(app: App, { LEARNFLOW_CORS_ORIGINS: origins }: Config): Promise<void> {
  if (origins !== undefined)
    await app.register(cors, {
      origin: origins.split(','),
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
      exposedHeaders: ['etag', 'location', 'retry-after', 'traceparent', ...limitHeaders],
      maxAge: 600,
    })
  await app.register(compress, { threshold, customTypes: compressible, encodings: ['br', 'gzip'] })
}

/** Answers of the routes that `add` adds carry an ETag, and 304 for those who have them (RFC 9110 section 13.1.2). */
export async function withEtags(app: App, add: (scope: App) => void): Promise<void> {
  await app.register(async scope => {
    await scope.register(etag)
    // The types of a scope forget the logger and the types of its parent.
    add(scope as unknown as App)
  })
}
