import { PlatformError } from '../../errors.ts'

export interface Sidecar {
  /**
   * One request to the sidecar's HTTP API; any status is an answer.
   * @throws DEPENDENCY_DOWN when there is none within `timeoutMs`.
   */
  request(path: string, init: RequestInit, timeoutMs: number): Promise<Response>
}

/** The Dapr sidecar of this process, by plain HTTP on loopback. */
export function openSidecar(httpPort: number): Sidecar {
  return {
    async request(path, init, timeoutMs) {
      const signal = AbortSignal.timeout(Math.ceil(timeoutMs))
      try {
        return await fetch(`http://127.0.0.1:${httpPort}${path}`, { ...init, signal })
      } catch (cause) {
        throw new PlatformError('DEPENDENCY_DOWN', `the Dapr sidecar did not answer: ${cause instanceof Error ? cause.message : String(cause)}`, {
          hint: 'learnflow status; the dapr-runtime skill starts it.',
          cause,
        })
      }
    },
  }
}

/** What an answer that is no success says, as DEPENDENCY_DOWN. */
export async function refused(what: string, answer: Response): Promise<PlatformError> {
  return new PlatformError('DEPENDENCY_DOWN', `${what}: Dapr answered ${answer.status} ${(await answer.text()).slice(0, 300)}`, { hint: 'learnflow status' })
}

export const json = (body: unknown): RequestInit => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
