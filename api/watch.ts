import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { FastifyBaseLogger } from 'fastify'
import type { History } from '../platform/ports/history.ts'
import { wakeableSleep } from '../agents/wakeable-sleep.ts'

const pollMs = 100
const gapMs = 10
const positionsMs = 1_000
/** Polling may use at most this share of the time, however many requests are watched. */
const pollShare = 0.2

/**
 * The newest event of a request, and how many unfinished ones of its kind precede it (null once it is finished, or
 * unknown yet).
 */
export interface RequestProgress {
  event: string
  type: string
  position: number | null
}

interface Watched {
  listeners: Set<(progress: RequestProgress) => void>
  seen: RequestProgress
}

/**
 * Notifies listeners of what happens to their requests. One query serves all of them, at `notify` or every 100 ms,
 * because another process may do the work.
 */
export interface Watcher extends AsyncDisposable {
  /** Calls `listener` at once if something is known, then at every change. */
  watch(requestId: string, listener: (progress: RequestProgress) => void): Disposable
  /** To be called when this process has stored something. */
  notify(): void
}

export const isFinal = (type: string): boolean => type === 'done' || type === 'failed' || type === 'cancelled'

export function startWatcher(history: () => History, logger: FastifyBaseLogger): Watcher {
  const watched = new Map<string, Watched>()
  const notifier = wakeableSleep(pollMs)
  let running: Promise<void> | undefined
  let positionsAt = 0

  const report = (requestId: string, news: Partial<RequestProgress>): void => {
    const entry = watched.get(requestId)
    if (
      entry === undefined ||
      Object.entries(news).every(([name, value]) => entry.seen[name as keyof RequestProgress] === value)
    )
      return
    entry.seen = { ...entry.seen, ...news }
    for (const listener of entry.listeners) listener(entry.seen)
  }
  const poll = async (): Promise<void> => {
    const ids = [...watched.keys()]
    for (const { request_id, event, type } of await newestEvents(history(), ids))
      report(request_id, { event, type, ...(isFinal(type) ? { position: null } : {}) })
    if (performance.now() - positionsAt < positionsMs) return
    positionsAt = performance.now()
    for (const [requestId, position] of await positionsOf(history(), ids)) report(requestId, { position })
  }
  const run = async (): Promise<void> => {
    while (watched.size > 0) {
      const started = performance.now()
      await poll().catch((error: unknown) => logger.warn({ err: error }, 'no look at the waiting requests now'))
      await sleep(Math.max(gapMs, (performance.now() - started) / pollShare))
      await notifier.wait()
    }
    running = undefined
  }
  return {
    notify: notifier.notify,
    watch(requestId, listener) {
      const entry = watched.get(requestId) ?? { listeners: new Set(), seen: { event: '0', type: '', position: null } }
      watched.set(requestId, entry)
      entry.listeners.add(listener)
      if (entry.seen.event !== '0') listener(entry.seen)
      notifier.notify()
      running ??= run()
      return {
        [Symbol.dispose]() {
          entry.listeners.delete(listener)
          if (entry.listeners.size === 0 && watched.get(requestId) === entry) watched.delete(requestId)
        },
      }
    },
    async [Symbol.asyncDispose]() {
      watched.clear()
      notifier.notify()
      await running
    },
  }
}

async function newestEvents(
  { db }: History,
  ids: string[],
): Promise<{ request_id: string; event: string; type: string }[]> {
  const { rows } = await sql<{ request_id: string; event: string; type: string }>`
    select watched.id as request_id, newest.event_id::text as event, newest.type
    from unnest(${ids}::uuid[]) as watched (id)
    cross join lateral (select event_id, type from request_event where request_id = watched.id
      order by event_id desc limit 1) newest`.execute(db)
  return rows
}

/** Positions are counted up to here: finding a later one would take as long as the queue is. */
export const maxPosition = 1_000

/**
 * How many unfinished requests of the same kind were accepted before each of these, at most 1,000, which stands for
 * more, too; finished ones are left out.
 */
export async function positionsOf({ db }: Pick<History, 'db'>, ids: string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ request_id: string; position: string }>`
    with front as (
      select request_id, row_number() over (partition by kind order by created_at, request_id) - 1 as position
      from (values ('submission'), ('question')) as kinds (name)
      cross join lateral (
        select request_id, kind, created_at from request
        where kind = kinds.name and status in ('queued', 'working') order by created_at, request_id limit ${maxPosition}
      ) first
    )
    select request_id, coalesce(position, ${maxPosition}) as position
    from request left join front using (request_id)
    where request_id = any(${ids}::uuid[]) and status in ('queued', 'working')`.execute(db)
  return new Map(rows.map(({ request_id, position }) => [request_id, Number(position)]))
}

/** Waits until the request has ended; false after `ms`, or when `signal` is aborted. */
export async function waitForEnd(
  watcher: Watcher,
  requestId: string,
  ms: number,
  signal: AbortSignal,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  using _watch = watcher.watch(requestId, ({ type }) => void (isFinal(type) && resolve(true)))
  const timer = setTimeout(resolve, ms, false)
  const stop = (): void => resolve(false)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  return await promise.finally(() => (clearTimeout(timer), signal.removeEventListener('abort', stop)))
}
