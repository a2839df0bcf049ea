import { request as send } from 'node:https'
import { request as sendPlain } from 'node:http'
import type { KubeConfig } from '@kubernetes/client-node'
import { PlatformError } from '../../errors.ts'
import { statusError } from './errors.ts'

export interface Question {
  method?: 'GET' | 'PATCH' | 'DELETE'
  query?: Readonly<Record<string, string>>
  body?: object
}

/** Requests of JSON to an API server. */
export interface Api {
  readonly server: string
  /** @throws what `statusError` makes of a refusal; DEPENDENCY_DOWN when it does not answer */
  ask<T>(path: string, question?: Question): Promise<T>
}

const answerMs = 30_000
/** A server-side apply; JSON is YAML. */
const contentTypes = { PATCH: 'application/apply-patch+yaml', GET: '', DELETE: 'application/json' } as const

/**
 * The API server of the current context. The library signs in; the objects go as they are, because its typed clients
 * drop the fields that they do not know, and a misspelt one would never reach the strict validation of the server.
 */
export function openApi(config: KubeConfig): Api {
  const server = config.getCurrentCluster()?.server ?? ''
  return {
    server,
    async ask<T>(path: string, { method = 'GET', query = {}, body }: Question = {}): Promise<T> {
      const url = new URL(`${server.replace(/\/$/, '')}${path}`)
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
      const { status, text } = await answered(server, async () => exchange(config, url, method, body))
      const answer = parsed(text)
      if (status >= 200 && status < 300) return answer as T
      throw statusError(status, answer ?? { message: text.slice(0, 300) })
    },
  }
}

async function answered<T>(server: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message || String((cause as { code?: unknown }).code) : String(cause)
    throw new PlatformError('DEPENDENCY_DOWN', `the API server ${server} does not answer: ${why}`, {
      hint: 'Look whether the cluster runs and the context of the kubeconfig is the right one.',
      cause,
    })
  }
}

async function exchange(
  config: KubeConfig,
  url: URL,
  method: NonNullable<Question['method']>,
  body: object | undefined,
): Promise<{ status: number; text: string }> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const headers: Record<string, string> = { accept: 'application/json' }
  if (text !== undefined) headers['content-type'] = contentTypes[method]
  const options = { method, headers, timeout: answerMs }
  await config.applyToHTTPSOptions(options)
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
  const request = (url.protocol === 'http:' ? sendPlain : send)(url, options, response => {
    response.setEncoding('utf8')
    let all = ''
    response
      .on('data', (part: string) => void (all += part))
      .on('end', () => resolve({ status: response.statusCode ?? 0, text: all }))
      .on('error', reject)
  })
  request
    .on('timeout', () => request.destroy(new Error(`no answer within ${answerMs / 1_000} s`)))
    .on('error', reject)
    .end(text)
  return promise
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A proxy's page, or plain text: the caller reports it as it is.
    return undefined
  }
}
