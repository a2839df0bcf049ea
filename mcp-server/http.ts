import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  type McpServerFactory,
  originValidationResponse,
} from '@modelcontextprotocol/server'
import type { Config } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import { type Guard, openGuard } from './auth.ts'
import { relaxedMessage } from './relaxed-message.ts'

export interface HttpOptions {
  config: Config
  host: string
  /** 0 chooses a free port. */
  port: number
  /** Whether callers need a token. Without it only callers on this machine are allowed. */
  auth: boolean
  onerror?: (error: Error) => void
}

export interface HttpEndpoint extends AsyncDisposable {
  url: string
}

const path = '/mcp'
const smallBytes = 65_536
const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/

/**
 * Serves a factory over HTTP, both protocol eras at the same address, each request with its own server.
 * @throws INVALID_INPUT for an address that other machines can reach, without authorization; PORT_IN_USE
 */
export async function serveHttp(
  factory: McpServerFactory,
  { config, host, port, auth, onerror = () => {} }: HttpOptions,
): Promise<HttpEndpoint> {
  if (!auth && !loopback.test(host))
    throw new PlatformError('INVALID_INPUT', `others can reach ${host}, and nobody would be asked who they are`, {
      hint: 'Add --auth, or leave --host out.',
    })
  const handler = createMcpHandler(factory, { onerror })
  const server = createServer()
  await listen(server, host, port)
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  const url = new URL(path, `http://${isIP(host) === 6 ? `[${host}]` : host}:${bound}`)
  const guard = auth ? await openGuard(config, path) : undefined
  const names = namesOf(host)
  server.on('request', (incoming, outgoing) => {
    void respond(incoming, outgoing, async request => {
      const refused = hostHeaderValidationResponse(request, names) ?? originValidationResponse(request, names)
      return refused ?? answer(request, guard, handler.fetch)
    }).catch(onerror)
  })
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      await handler.close()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  request: Request,
  guard: Guard | undefined,
  fetch: ReturnType<typeof createMcpHandler>['fetch'],
): Promise<Response> {
  const metadata = guard?.metadata(request)
  if (metadata !== undefined) return metadata
  if (new URL(request.url).pathname !== path) return new Response(null, { status: 404 })
  const caller = await guard?.admit(request)
  if (caller instanceof Response) return caller
  if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } })
  return fetch(await relaxed(request), caller === undefined ? {} : { authInfo: caller })
}

/** A call whose arguments are null is small; the body of any other is left to the handler, which limits it. */
async function relaxed(request: Request): Promise<Request> {
  if (!(Number(request.headers.get('content-length') ?? Number.NaN) <= smallBytes)) return request
  const { url, method, signal } = request
  const headers = new Headers(request.headers)
  headers.delete('content-length')
  return new Request(url, { method, headers, signal, body: relaxedMessage(await request.text()) })
}

/**
 * The host names that browsers may use for this server, so that a page cannot reach it by its own name (DNS rebinding).
 */
function namesOf(host: string): string[] {
  const bracketed = (address: string): string => (isIP(address) === 6 ? `[${address}]` : address)
  if (loopback.test(host)) return [...new Set([...localhostAllowedHostnames(), bracketed(host)])]
  const own = Object.values(networkInterfaces()).flatMap(addresses => (addresses ?? []).map(({ address }) => address))
  return [...localhostAllowedHostnames(), ...[host, hostname(), ...own].map(bracketed)]
}

async function listen(server: ReturnType<typeof createServer>, host: string, port: number): Promise<void> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw new PlatformError('PORT_IN_USE', `port ${port} on ${host} cannot be taken (${code})`, {
      hint: '--http 0 takes a free one.',
      cause,
    })
  }
}

/** A caller who takes anything, or does not say what, takes both kinds of answer of the protocol. */
const acceptOf = (accept: string | undefined): string =>
  accept === undefined || /(?:\*|application)\/\*/.test(accept) ? 'application/json, text/event-stream' : accept

/** Converts Node's request to a web-standard one, and the answer back; a disconnected caller aborts its request. */
async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: Request) => Promise<Response>,
): Promise<void> {
  const gone = new AbortController()
  outgoing.once('close', () => gone.abort())
  const { method = 'GET', url = '/', headers } = incoming
  const hasBody = method !== 'GET' && method !== 'HEAD'
  try {
    const request = new Request(new URL(url, `http://${headers.host ?? 'localhost'}`), {
      method,
      headers: Object.entries({ ...headers, accept: acceptOf(headers.accept) }).flatMap(
        ([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]]),
      ),
      signal: gone.signal,
      ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' } : {}),
    })
    const reply = await answer(request)
    outgoing.writeHead(reply.status, Object.fromEntries(reply.headers))
    if (reply.body === null) outgoing.end()
    else await pipeline(Readable.fromWeb(reply.body), outgoing)
  } catch (error) {
    if (gone.signal.aborted) return
    if (!outgoing.headersSent) outgoing.writeHead(error instanceof TypeError ? 400 : 500)
    outgoing.end()
    throw error
  }
}
