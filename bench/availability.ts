import { setTimeout as sleep } from 'node:timers/promises'
import { goodMs, type Sent, startLoad, toldBy } from '../verify/load.ts'
import { type LocalTestPlatform, startLocalTestPlatform } from '../verify/test-platform-local.ts'
import { isConsistent, auditEffects } from '../verify/audit.ts'
import { type Bench, tenth } from './bench.ts'

const promised = 0.999
const drainMs = 90_000

/** What is done to the platform, one after the other; supervisors and clusters recover from it. */
const disturbances: Readonly<Record<string, (platform: LocalTestPlatform) => Promise<void>>> = {
  'kill a broker': async platform => platform.signal('kafka-1', 'SIGKILL'),
  'kill an API process': async platform => platform.signal(firstOf(platform, 'api'), 'SIGKILL'),
  'kill the exercise worker': async platform => platform.signal(firstOf(platform, 'exercise'), 'SIGKILL'),
  'kill PostgreSQL': async platform => platform.signal('postgres', 'SIGKILL'),
  'kill a Redis master': async platform => platform.signal('redis-1', 'SIGKILL'),
  'stall a broker for 5 s': async platform => stall(platform, 'kafka-2'),
  'kill the progress worker': async platform => platform.signal(firstOf(platform, 'progress'), 'SIGKILL'),
  'stall the exercise worker for 5 s': async platform => stall(platform, firstOf(platform, 'exercise')),
  'kill the triage worker': async platform => platform.signal(firstOf(platform, 'triage'), 'SIGKILL'),
  'stall PostgreSQL for 5 s': async platform => stall(platform, 'postgres'),
}

const firstOf = ({ namesOf }: LocalTestPlatform, role: 'api' | 'triage' | 'exercise' | 'progress'): string =>
  namesOf(role)[0] ?? role

async function stall(platform: LocalTestPlatform, name: string): Promise<void> {
  await platform.signal(name, 'SIGSTOP')
  await sleep(5_000)
  await platform.signal(name, 'SIGCONT')
}

const isGood = ({ sentAt, endedAt, status }: Sent): boolean =>
  status === 'done' && endedAt !== undefined && endedAt - sentAt <= goodMs

/**
 * One fault a minute under load. A request is good when its client, which repeats with the same key, has the grade
 * within 30 s.
 */
export const availability: Bench = {
  about:
    '10 minutes of submissions on real engines with one fault a minute: how many have their grade within 30 ' +
    's, and the error budget',
  async run(progress, quick) {
    await using platform = await startLocalTestPlatform()
    const [minuteMs, count] = quick ? [15_000, 2] : [60_000, Object.keys(disturbances).length]
    const load = startLoad(platform.probe, { perSecond: 5, students: 50 })
    for (const [what, disturb] of Object.entries(disturbances).slice(0, count)) {
      const next = performance.now() + minuteMs
      progress(`${load.sent.length} sent, now: ${what}`)
      await disturb(platform)
      await sleep(Math.max(0, next - performance.now()))
    }
    await load.stop(drainMs)
    const { lost, twice, out_of_order, ...audit } = await auditEffects(platform.stores.history.db, toldBy(load))
    const good = load.sent.filter(isGood).length
    const [requests, bad] = [load.sent.length, load.sent.length - good]
    const times = load.sent.flatMap(({ sentAt, endedAt }) => (endedAt === undefined ? [] : [endedAt - sentAt]))
    const figures = {
      requests,
      good_percent: Math.round((good / requests) * 1e5) / 1e3,
      budget: tenth(requests * (1 - promised)),
      budget_used: bad,
      longest_s: tenth(Math.max(...times) / 1_000),
      faults: count,
      lost,
      twice,
      out_of_order,
    }
    return { figures, ok: good >= requests * promised && isConsistent({ lost, twice, out_of_order, ...audit }) }
  },
}
