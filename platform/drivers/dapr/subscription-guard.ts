import type { Sidecar } from './sidecar.ts'

export interface GuardOptions {
  /** The members that the consumer group has now, of whatever process. */
  members(): Promise<readonly unknown[]>
  sidecar: Sidecar
  /** Told of each sidecar that is ended, and of each question that was not answered. */
  report(error: unknown, what: string): void
  /** How long a group may be without a member. Twice as long each time that ending the sidecar did not help: it may just be slow. */
  patienceMs?: number
}

const checksPerPatience = 6
const defaultPatienceMs = 30_000
const shutdownMs = 5_000

/**
 * Watches over what the sidecar of this process reads. Dapr can lose a subscription for good while it, the app and the broker are all well
 * (docs/decisions/0006); a group without any member is how that shows. The sidecar is then told to end, and its supervisor starts it anew.
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
        // Nothing is known: the time without a member starts anew.
        emptySince = undefined
        report(error, 'whether anybody reads could not be asked')
      })
      .finally(() => void (asking = false))
  }, first / checksPerPatience)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
