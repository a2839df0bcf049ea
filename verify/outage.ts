import { setTimeout as sleep } from 'node:timers/promises'
import type { CheckResult } from './check.ts'
import { type Load, type LoadOptions, maxSilence, startLoad, toldBy } from './load.ts'
import type { LocalTestPlatform } from './test-platform-local.ts'
import { isConsistent, auditLine, auditEffects } from './audit.ts'

/**
 * Something that breaks under a loaded platform of real engines, and what must hold meanwhile. `run` breaks it,
 * measures, and repairs it. For every outage, each submission that a client saw accepted must also have one grade or
 * dead letter, in the order of each student.
 */
export interface Outage {
  id: string
  claim: string
  /** Short enough to run with the tests. */
  quick?: true
  /** Set when the outage exists only with this engine. */
  engine?: 'dapr'
  /** What students send meanwhile; `defaultLoad` when it is not given. */
  load?: LoadOptions
  run(platform: LocalTestPlatform, load: Load): Promise<CheckResult>
}

export function defineOutage(outage: Outage): Outage {
  return outage
}

const defaultLoad: LoadOptions = { perSecond: 5, students: 20 }
const warmMs = 2_000
const drainMs = 90_000

/** Causes the outage and watches the students for `watchedMs` afterwards; late when no grade came for `limitMs`. */
export async function gradesGoOn(
  { sent }: Load,
  { limitMs, watchedMs }: { limitMs: number; watchedMs: number },
  strike: () => Promise<void>,
): Promise<CheckResult> {
  const start = performance.now()
  await strike()
  await sleep(watchedMs)
  const silence = maxSilence(sent, start, performance.now())
  return { ok: true, late: silence >= limitMs, measured: `no grade for ${(silence / 1_000).toFixed(1)} s at most` }
}

/** Runs one outage under its load and audits the history afterwards. An outage that cannot be measured fails. */
export async function runOutage(
  { load: options = defaultLoad, run }: Pick<Outage, 'load' | 'run'>,
  platform: LocalTestPlatform,
): Promise<CheckResult> {
  const load = startLoad(platform.probe, options)
  await sleep(warmMs)
  const found = await run(platform, load).catch((error: unknown): CheckResult => ({
    ok: false,
    measured: `not measured: ${String(error)}`,
  }))
  await load.stop(drainMs)
  const refused = load.sent.flatMap(one => one.refused ?? [])
  const unanswered = load.sent.length - refused.length - load.sent.filter(one => one.endedAt !== undefined).length
  const audit = await auditEffects(platform.stores.history.db, toldBy(load))
  const measured = [
    found.measured,
    auditLine(audit),
    ...(unanswered === 0 ? [] : [`${unanswered} without an answer`]),
    ...refused.slice(0, 1),
  ].join('; ')
  return { ...found, ok: found.ok && isConsistent(audit) && unanswered === 0 && refused.length === 0, measured }
}
