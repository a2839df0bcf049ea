import type { CheckResult } from '../check.ts'
import type { Load } from '../load.ts'
import { defineOutage } from '../outage.ts'
import type { LocalTestPlatform } from '../test-platform-local.ts'

/** Restarts every agent and every API process, one process at a time. */
async function rolling({ probe }: LocalTestPlatform, { sent }: Load): Promise<CheckResult> {
  const repeats = (): number => sent.reduce((sum, one) => sum + one.repeats, 0)
  const [handed, failed] = [sent.length, repeats()]
  const start = performance.now()
  const { restarted } = await probe.operate<{ restarted: string[] }>('tutoring-agents/restart', {})
  const took = performance.now() - start
  const [meanwhile, bad] = [sent.length - handed, repeats() - failed]
  const measured =
    `${restarted.join(', ')} restarted in ${(took / 1_000).toFixed(0)} s, ` +
    `${meanwhile} handed in meanwhile, ${bad} requests failed`
  return { ok: restarted.length > 1 && meanwhile > 0 && bad === 0, measured }
}

export const restartOutages = [
  defineOutage({
    id: 'restart.rolling',
    claim:
      'agents and API are started anew one after the other: no request fails of a client that repeats a ' +
      'refused connection',
    run: rolling,
  }),
] as const
