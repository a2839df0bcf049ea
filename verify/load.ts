import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Accepted, RequestState } from '../schemas/api.ts'
import type { Probe } from './check.ts'
import type { ClientRecord } from './audit.ts'
import type { ApiClient, CallOptions, Reply } from '../api/client.ts'

export interface LoadOptions {
  perSecond: number
  /** How many students take turns in sending. */
  students: number
}

/** One submission as its client saw it; times are in ms of `performance.now()`. */
export interface Sent {
  student: string
  sentAt: number
  /** How often it was refused for the moment and sent again. */
  repeats: number
  requestId?: string
  /** When the final answer came; undefined when it never came. */
  endedAt?: number
  status?: RequestState['status']
  /** Why it was refused for good, which must not happen to a right program. */
  refused?: string
}

/** Students who submit at a steady rate, whatever happens to earlier submissions. */
export interface Load {
  readonly sent: readonly Sent[]
  readonly students: readonly string[]
  /** Stops sending and waits until every client has its final answer, at most `limitMs`. */
  stop(limitMs: number): Promise<void>
}

const programs = [
  'def square(n): return n * n',
  'def square(n): return n + n',
  'def square(n):\n    print(n)\n    return n ** 2',
]
const unservedMs = 500
/**
 * Seconds that a call waits on the server. A waiting call costs one connection; a call that gives up and repeats costs
 * a new one.
 */
const holdSeconds = 25
const answerMs = 40_000
/** A request is good when its final answer arrives within this time. */
export const goodMs = 30_000

/** Starts sending at once. Programs repeat, so that grading costs little and the load falls on the engines. */
export function startLoad(probe: Probe, { perSecond, students: count }: LoadOptions): Load {
  const students = Array.from({ length: count }, () => probe.newStudent())
  const clients = students.map(student => probe.client({ student }))
  const sent: Sent[] = []
  const open = new Set<Promise<void>>()
  const [ending, over] = [new AbortController(), new AbortController()]
  const hand = (at: number): void => {
    const [student, client] = [students[at % count], clients[at % count]]
    if (student === undefined || client === undefined) return
    const one: Sent = { student, sentAt: performance.now(), repeats: 0 }
    sent.push(one)
    const task = submit(client, one, `${programs[at % programs.length]}\n# ${at}\n`, over.signal)
      .catch((error: unknown) => void (one.refused = String(error)))
      .finally(() => open.delete(task))
    open.add(task)
  }
  const sending = (async () => {
    const start = performance.now()
    for (let at = 0; !ending.signal.aborted; at += 1) {
      const due = start + (at * 1_000) / perSecond - performance.now()
      // Sleeps even when it is late, because pending calls need the event loop.
      await sleep(Math.max(0, due), undefined, { signal: ending.signal }).catch(() => {})
      if (!ending.signal.aborted) hand(at)
    }
  })()
  return {
    sent,
    students,
    async stop(limitMs) {
      ending.abort()
      await sending
      const late = setTimeout(() => over.abort(), limitMs)
      await Promise.all(open)
      clearTimeout(late)
    },
  }
}

/**
 * The client that the promise assumes: it repeats with the same key, after the delay in Retry-After, until it has its
 * final answer or until `over`.
 */
async function submit(client: ApiClient, one: Sent, code: string, over: AbortSignal): Promise<void> {
  const key = randomUUID()
  const insist = async (method: string, path: string, options: CallOptions): Promise<Reply | undefined> => {
    while (!over.aborted) {
      const reply = await client
        .raw(method, path, { ...options, timeoutMs: answerMs })
        .catch((error: unknown) => error as Error)
      if (!(reply instanceof Error) && reply.status < 400) return reply
      if (!(reply instanceof Error) && reply.status < 500 && reply.status !== 409 && reply.status !== 429)
        throw new Error(`${method} ${path} was refused with ${reply.status}: ${JSON.stringify(reply.body)}`)
      one.repeats += 1
      const seconds = reply instanceof Error ? 0 : Number(reply.headers.get('retry-after') ?? 0)
      await sleep(Math.max(unservedMs, seconds * 1_000), undefined, { signal: over }).catch(() => {})
    }
    return undefined
  }
  const accepted = await insist('POST', '/api/v1/submissions', {
    body: { exercise_id: 'square', code },
    headers: { 'idempotency-key': key },
  })
  if (accepted === undefined) return
  one.requestId = Accepted.parse(accepted.body).request_id
  for (;;) {
    const reply = await insist('GET', `/api/v1/requests/${one.requestId}`, {
      headers: { prefer: `wait=${holdSeconds}` },
    })
    if (reply === undefined) return
    one.status = RequestState.parse(reply.body).status
    if (!['queued', 'working'].includes(one.status)) break
  }
  one.endedAt = performance.now()
}

/** What the clients know so far; each sent one key. */
export const toldBy = ({ sent, students }: Load): ClientRecord => ({
  accepted: acceptedOf(sent),
  students,
  keys: sent.length,
})

/** The ids of the submissions that clients saw accepted. */
export const acceptedOf = (sent: readonly Sent[]): string[] =>
  sent.flatMap(({ requestId }) => (requestId === undefined ? [] : [requestId]))

/** The longest time in ms between `from` and `to` in which no client got a final answer. */
export function maxSilence(sent: readonly Sent[], from: number, to: number): number {
  const times = sent
    .flatMap(({ endedAt }) => (endedAt !== undefined && endedAt >= from && endedAt <= to ? [endedAt] : []))
    .toSorted((one, other) => one - other)
  return [...times, to].reduce(({ max, before }, at) => ({ max: Math.max(max, at - before), before: at }), {
    max: 0,
    before: from,
  }).max
}
