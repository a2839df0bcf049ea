import { setTimeout as sleep } from 'node:timers/promises'
import type { History } from '../platform/ports/history.ts'
import type { Notification } from '../schemas/api-notifications.ts'
import type { Caller } from './auth.ts'
import { frame } from './events.ts'
import { notificationPage } from './notification-rows.ts'

/** How often an open stream looks, in ms. */
const lookMs = 2_000
const heartbeatMs = 15_000
/** So many are read at once. */
const page = 100

const keyOf = ({ notification_id, at }: Notification): string => `${notification_id} ${at}`

/**
 * The caller's notifications as server-sent events: first those that are unseen, oldest first, then new and changed ones,
 * each once, with a comment every 15 s. It ends when `signal` is aborted.
 */
export async function* notificationStream(
  history: () => History,
  caller: Caller,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const sent = new Set<string>()
  let saidAt = performance.now()
  yield ': open\n\n'
  while (!signal.aborted) {
    const news = await unsent(history(), caller, sent)
    if (news.length > 0)
      yield news.map(one => frame({ event_id: one.notification_id, type: 'notification', data: one })).join('')
    else if (performance.now() - saidAt >= heartbeatMs) yield ': still here\n\n'
    else {
      await sleep(lookMs, undefined, { signal }).catch(() => {})
      continue
    }
    saidAt = performance.now()
  }
}

/** The unseen ones that were not sent, oldest first, which are marked as sent. */
async function unsent({ db }: History, caller: Caller, sent: Set<string>): Promise<Notification[]> {
  const news: Notification[] = []
  for (let cursor: string | undefined; ;) {
    const { notifications, next } = await notificationPage(db, caller, { limit: page, cursor, unseen: true })
    const fresh = notifications.filter(one => !sent.has(keyOf(one)))
    news.push(...fresh)
    if (next === null || fresh.length < notifications.length) break
    cursor = next
  }
  for (const one of news) sent.add(keyOf(one))
  return news.toReversed()
}
