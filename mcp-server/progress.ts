import type { ServerContext } from '@modelcontextprotocol/server'

const heartbeatMs = 5_000

/**
 * Progress notifications for a client that asked for them: what the job reports, and a heartbeat while it reports
 * nothing.
 */
export function progressOf({ mcpReq }: ServerContext): Disposable & { say(line: string): void } {
  const progressToken = mcpReq._meta?.progressToken
  if (progressToken === undefined) return { say: () => {}, [Symbol.dispose]: () => {} }
  let progress = 0
  const say = (message: string): void => {
    progress += 1
    // The work goes on when the client has disconnected.
    mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, message } }).catch(() => {})
  }
  const beat = setInterval(() => say('still at work'), heartbeatMs)
  return { say, [Symbol.dispose]: () => clearInterval(beat) }
}
