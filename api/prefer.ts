import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Context, goneSignal } from './context.ts'
import { waitForEnd } from './watch.ts'

const maxWaitSeconds = 30

/**
 * With `Prefer: wait=N` (RFC 7240) holds the call until the request has ended, for at most N seconds (30 at most).
 * @returns whether the client asked for it and the request has ended
 */
export async function waitAsPreferred(
  { watcher, closing }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  requestId: string,
): Promise<boolean> {
  const wait = /(?:^|[,\s])wait\s*=\s*"?(\d{1,6})/i.exec([request.headers['prefer']].flat().join(', '))?.[1]
  if (wait === undefined) return false
  const ended = await waitForEnd(
    watcher,
    requestId,
    Math.min(Number(wait), maxWaitSeconds) * 1_000,
    goneSignal(reply, closing),
  )
  if (ended) reply.header('preference-applied', 'wait')
  return ended
}
