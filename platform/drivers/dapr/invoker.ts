import * as z from 'zod'
import { type Code, codes, PlatformError } from '../../errors.ts'
import type { Invoker } from '../../ports/invoker.ts'
import type { Apps } from '../embedded/invoker.ts'
import type { App } from './app.ts'
import { json, openSidecar, refused } from './sidecar.ts'

/** A failure of the method itself; Dapr words failures of the transport differently. */
const Failure = z.object({
  failure: z.object({ code: z.enum(Object.keys(codes) as [Code, ...Code[]]), message: z.string(), hint: z.string() }),
})
const Result = z.object({ result: z.unknown().optional() })

const prefix = '/methods/'

/** Answers other apps' calls of this app's methods. */
export function serveMethods(app: App, methods: Apps[string]): void {
  app.route(prefix, async (body, headers) => {
    const name = decodeURIComponent(String(headers[':path']).slice(prefix.length))
    try {
      if (!Object.hasOwn(methods, name))
        throw new PlatformError('NOT_FOUND', `there is no method ${name}`, {
          hint: 'learnflow status lists the agents that run.',
        })
      const { argument } = JSON.parse(body) as { argument?: unknown }
      return { status: 200, body: { result: await methods[name]?.(argument) } }
    } catch (error) {
      const known =
        error instanceof PlatformError
          ? error
          : new PlatformError('INTERNAL', `${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
              hint: 'This is a fault of ours: see the log of the app.',
            })
      const { code, message, hint } = known
      // Only 2xx and 4xx: Dapr would retry anything above and count it against the app.
      return { status: 422, body: { failure: { code, message, hint } } }
    }
  })
}

/**
 * Calls other apps through the sidecar, which applies the policies of the called app (timeout, one retry, circuit
 * breaker).
 */
export function daprInvoker(httpPort: number): Invoker {
  const sidecar = openSidecar(httpPort)
  return {
    async invoke<T>(app: string, method: string, body: unknown, timeoutMs: number) {
      const path = `/v1.0/invoke/${encodeURIComponent(app)}/method${prefix}${encodeURIComponent(method)}`
      const answer = await sidecar.request(path, json({ argument: body }), timeoutMs)
      if (answer.ok) return Result.parse(JSON.parse(answer.text)).result as T
      const failure = answer.status === 422 ? Failure.safeParse(JSON.parse(answer.text)) : undefined
      if (failure?.success !== true) throw refused(`${app} did not answer ${method}`, answer)
      const { code, message, hint } = failure.data.failure
      throw new PlatformError(code, message, { hint })
    },
  }
}
