import type { Sidecar } from './sidecar.ts'

export interface GuardOptions {
  /** The current members of the consumer group, in any process. */
  members(): Promise<readonly unknown[]>
  sidecar: Sidecar
  /** Called for each sidecar that is stopped, and for each request that was not answered. */
  report(error: unknown, what: string): void
  /**
   * How long a group may be without a member, in ms. It doubles each time that stopping the sidecar did not help,
   * because the sidecar may just be slow.
   */
  patienceMs?: number
}

const checksPerPatience = 6
const defaultPatienceMs = 30_000
const shutdownMs = 5_000

/**
 * Watches whether the sidecar of this process still reads. Dapr can lose a subscription permanently while it, the app
 * and the broker are all healthy (docs/decisions/0006); the sign is a group without any member. The sidecar is then
 * asked to exit, and its supervisor restarts it.
 */
export function guardSubscription({
  members,
  sidecar,
  report,
  patienceMs: first = defaultPatienceMs,
}: GuardOptions): Disposable {
  let patienceMs = first
  let emptySince: number | undefined
  let asking = false
  const look = async (): Promise<void> => {
    if ((await members()).length > 0) {
      emptySince = undefined
      patienceMs = first
      return
    }
    emptySince ??= performance.now()
    if (performance.now() - emptySince < patienceMs) return
    report(
      undefined,
      `nobody has read for ${Math.round(patienceMs / 1_000)} s: the sidecar is ended, to be started anew`,
    )
    emptySince = undefined
    patienceMs *= 2
    const { ok, status } = await sidecar.request('/v1.0/shutdown', { method: 'POST' }, shutdownMs)
    if (!ok) report(undefined, `the sidecar answered ${status} when it was told to end`)
  }
  const timer = setInterval(() => {
    if (asking) return
    asking = true
    look()
      .catch((error: unknown) => {
        // The state is unknown, so the time without a member is counted from the start.
        emptySince = undefined
        report(error, 'whether anybody reads could not be asked')
      })
      .finally(() => void (asking = false))
  }, first / checksPerPatience)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
