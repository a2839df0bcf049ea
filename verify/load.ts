import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Accepted, RequestState } from '../schemas/api.ts'
import type { Probe } from './check.ts'
import type { ClientRecord } from './audit.ts'
import type { ApiClient, CallOptions, Reply } from '../api/client.ts'

export interface LoadOptions {
  perSecond: number
  /** How many students take turns. */
  students: number
}

/** One submission as its client saw it; times in ms of `performance.now()`. */
export interface Sent {
  student: string
  sentAt: number
  /** How often it was not served and asked again. */
  repeats: number
  requestId?: string
  /** When the final answer came; undefined when it never did. */
  endedAt?: number
  status?: RequestState['status']
  /** Why it was refused for good; a right program never is. */
  refused?: string
}

/** Students who hand in programs at a steady rate, whatever becomes of the earlier ones. */
export interface Load {
  readonly sent: readonly Sent[]
  readonly students: readonly string[]
  /** Ends the sending and waits until every client has its final answer, at most `limitMs`. */
  stop(limitMs: number): Promise<void>
}

const programs = [
  'def square(n): return n * n',
  'def square(n): return n + n',
  'def square(n):\n    print(n)\n    return n ** 2',
]
const unservedMs = 500
/** A call that is held by the server costs one connection and nothing else; one that is given up and made again costs a new connection. */
const holdSeconds = 25
const answerMs = 40_000
/** A request is good when its final answer is there within this time. */
export const goodMs = 30_000

/** Begins at once. Programs repeat, so that grading costs little and the engines are what is loaded. */
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
      // Also when it is late: what is under way needs its turn.
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

/** A client as the promise means it: it repeats with the same key, as late as Retry-After says, until it has its final answer or `over`. */
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

/** What the clients know by now; each sent one key. */
export const toldBy = ({ sent, students }: Load): ClientRecord => ({
  accepted: acceptedOf(sent),
  students,
  keys: sent.length,
})

/** The ids that clients were told are accepted. */
export const acceptedOf = (sent: readonly Sent[]): string[] =>
  sent.flatMap(({ requestId }) => (requestId === undefined ? [] : [requestId]))

/** The longest time in ms in which, between `from` and `to`, no client got a final answer. */
export function maxSilence(sent: readonly Sent[], from: number, to: number): number {
  const times = sent
    .flatMap(({ endedAt }) => (endedAt !== undefined && endedAt >= from && endedAt <= to ? [endedAt] : []))
    .toSorted((one, other) => one - other)
  return [...times, to].reduce(({ max, before }, at) => ({ max: Math.max(max, at - before), before: at }), {
    max: 0,
    before: from,
  }).max
}
