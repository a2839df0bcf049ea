import { Agent, type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http'
import { PlatformError } from '../../errors.ts'

export interface Question {
  method?: 'GET' | 'POST' | 'DELETE'
  headers?: Readonly<Record<string, string>>
  body?: string
}

/** The sidecar's complete response; `ok` for any 2xx. */
export interface SidecarResponse {
  status: number
  ok: boolean
  headers: IncomingHttpHeaders
  text: string
}

export interface Sidecar {
  /**
   * One request to the sidecar's HTTP API; any status counts as an answer.
   * @throws DEPENDENCY_DOWN when there is none within `timeoutMs`.
   */
  request(path: string, question: Question, timeoutMs: number): Promise<SidecarResponse>
}

/** Idle connections are closed before the sidecar may close them. */
const idleMs = 4_000
/**
 * After a stall many calls arrive at once; they share these connections, because opening one per call would cost more
 * than the calls.
 */
const connections = 64

/**
 * The Dapr sidecar of this process, by plain HTTP on loopback. `fetch` is not used because it takes two to three times
 * the CPU for each small request.
 */
export function openSidecar(httpPort: number): Sidecar {
  const agent = new Agent({ keepAlive: true, timeout: idleMs, maxSockets: connections })
  return {
    async request(path, { method = 'GET', headers = {}, body }, timeoutMs) {
      const { promise, resolve, reject } = Promise.withResolvers<SidecarResponse>()
      const asked = send(
        { host: '127.0.0.1', port: httpPort, path, method, headers: withLength(headers, body), agent },
        response => {
          readAll(response).then(resolve, reject)
        },
      )
      const late = setTimeout(() => asked.destroy(new Error(`no answer within ${Math.round(timeoutMs)} ms`)), timeoutMs)
      asked.once('error', reject)
      asked.end(body)
      try {
        return await promise
      } catch (cause) {
        throw new PlatformError(
          'DEPENDENCY_DOWN',
          `the Dapr sidecar did not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
          {
            hint: 'learnflow status; the dapr-runtime skill starts it.',
            cause,
          },
        )
      } finally {
        clearTimeout(late)
      }
    },
  }
}

const withLength = (
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): Record<string, string | number> =>
  body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) }

async function readAll(response: IncomingMessage): Promise<SidecarResponse> {
  response.setEncoding('utf8')
  let text = ''
  for await (const part of response as AsyncIterable<string>) text += part
  const { statusCode: status = 0, headers } = response
  return { status, ok: status >= 200 && status < 300, headers, text }
}

/** An unsuccessful response as DEPENDENCY_DOWN. */
export const refused = (what: string, { status, text }: SidecarResponse): PlatformError =>
  new PlatformError('DEPENDENCY_DOWN', `${what}: Dapr answered ${status} ${text.slice(0, 300)}`, {
    hint: 'learnflow status',
  })

export const json = (body: unknown): Question => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
