import { PlatformError } from '../../errors.ts'
import type { Invoker } from '../../ports/invoker.ts'

/** The methods that apps of this process answer: app name, then method name. */
export type Apps = Readonly<Record<string, Readonly<Record<string, (body: unknown) => unknown>>>>

/** Invocation within one process, with the deadline that the wire would have. */
export function inProcessInvoker(apps: Apps): Invoker {
  return {
    async invoke<T>(app: string, method: string, body: unknown, timeoutMs: number) {
      const handler = apps[app]?.[method]
      if (handler === undefined) throw new PlatformError('NOT_FOUND', `${app} has no method ${method}`, { hint: 'learnflow status lists the agents that run.' })
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new PlatformError('DEPENDENCY_DOWN', `${app} did not answer ${method} within ${timeoutMs} ms`, { hint: 'learnflow status' })),
          timeoutMs,
        )
      })
      return Promise.race([(async () => handler(body))() as Promise<T>, late]).finally(() => clearTimeout(timer))
    },
  }
}
