import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { PlatformError } from '../../errors.ts'

/**
 * The app's answer. Without a status the request stays open: Dapr gives up on the message when it stops reading, or
 * when this process ends.
 */
export interface AppResponse {
  status: number
  body?: unknown
}
export type AppRoute = (body: string, headers: IncomingMessage['headers']) => Promise<AppResponse | undefined>

/**
 * The HTTP server that the sidecar of this process calls: routes by path, and `/health`, which is 503 until `ready` and
 * after `drain`.
 */
export interface App extends AsyncDisposable {
  readonly port: number
  route(path: string, handler: AppRoute | undefined): void
  ready(): void
  /** Resolves when the sidecar has seen that this app accepts no more, or has not asked for 3 s. */
  drain(): Promise<void>
}

const maxBytes = 5_000_000
const patienceMs = 3_000

/** Listens on loopback. @throws PORT_IN_USE */
export async function openApp(port: number): Promise<App> {
  const routes = new Map<string, AppRoute>()
  let healthy = false
  const noticed = Promise.withResolvers<void>()
  let draining = false
  const answer = async (request: IncomingMessage): Promise<AppResponse | undefined> => {
    const path = new URL(request.url ?? '/', 'http://app').pathname
    if (path === '/health') {
      if (draining) noticed.resolve()
      return { status: healthy ? 200 : 503 }
    }
    if (path === '/dapr/subscribe') return { status: 200, body: [] }
    const route = [...routes].find(
      ([prefix]) => path === prefix || (prefix.endsWith('/') && path.startsWith(prefix)),
    )?.[1]
    if (route === undefined) return { status: path.startsWith('/events/') ? 503 : 404 }
    return route(await bodyOf(request), { ...request.headers, ':path': path })
  }
  const server = createServer((request, response) => {
    answer(request)
      .then(answered => send(response, answered))
      .catch((error: unknown) => send(response, { status: 500, body: { message: String(error) } }))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve)).catch(
    (cause: unknown) => {
      throw new PlatformError('PORT_IN_USE', `port ${port} for the sidecar's calls is taken`, {
        hint: 'Set LEARNFLOW_DAPR_APP_PORT.',
        cause,
      })
    },
  )
  return {
    port: (server.address() as { port: number }).port,
    route: (path, handler) => void (handler === undefined ? routes.delete(path) : routes.set(path, handler)),
    ready: () => void (healthy = true),
    async drain() {
      draining = true
      healthy = false
      await Promise.race([noticed.promise, sleep(patienceMs, undefined, { ref: false })])
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes)
      throw new PlatformError('TOO_LARGE', 'the sidecar sent more than 5 MB', { hint: 'Send less.' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function send(response: ServerResponse, answer: AppResponse | undefined): void {
  if (answer === undefined) return
  response.writeHead(answer.status, { 'content-type': 'application/json' })
  response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body))
}
