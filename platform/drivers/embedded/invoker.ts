import { PlatformError } from '../../errors.ts'
import type { Invoker } from '../../ports/invoker.ts'

/** The methods that apps of this process offer: app name, then method name. */
export type Apps = Readonly<Record<string, Readonly<Record<string, (body: unknown) => unknown>>>>

/** Invocation within one process, with the deadline and the copying of a network call. */
export function inProcessInvoker(apps: Apps): Invoker {
  const find = (app: string, method: string): ((body: unknown) => unknown) => {
    const methods = Object.hasOwn(apps, app) ? apps[app] : undefined
    const handler = methods !== undefined && Object.hasOwn(methods, method) ? methods[method] : undefined
    if (handler === undefined)
      throw new PlatformError('NOT_FOUND', `${app} has no method ${method}`, {
        hint: 'learnflow status lists the agents that run.',
      })
    return handler
  }
  return {
    async invoke<T>(app: string, method: string, body: unknown, timeoutMs: number) {
      const handler = find(app, method)
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () =>
            reject(
              new PlatformError('DEPENDENCY_DOWN', `${app} did not answer ${method} within ${timeoutMs} ms`, {
                hint: 'learnflow status',
              }),
            ),
          timeoutMs,
        )
      })
      const answer = async (): Promise<T> => copy(await handler(copy(body))) as T
      try {
        return await Promise.race([answer(), late])
      } catch (cause) {
        if (cause instanceof PlatformError) throw cause
        throw new PlatformError(
          'INTERNAL',
          `${app} failed on ${method}: ${cause instanceof Error ? cause.message : String(cause)}`,
          {
            hint: 'This is a fault of ours: see the log of the platform.',
            cause,
          },
        )
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

/** A copy through JSON: caller and app share no object, as over a network. */
const copy = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown)
