import { setTimeout as sleep } from 'node:timers/promises'
import type { CheckResult } from '../check.ts'
import type { Load } from '../load.ts'
import { defineOutage } from '../outage.ts'
import type { LocalTestPlatform } from '../test-platform-local.ts'
import { until } from '../wait.ts'

const absentMs = 20_000
const backMs = 90_000
const roles = ['api', 'triage', 'exercise', 'progress'] as const

/** Restarts all processes of the platform while none of its engines runs. */
async function enginesAbsent(platform: LocalTestPlatform, { sent }: Load): Promise<CheckResult> {
  const { topology, probe, namesOf } = platform
  const engines = [
    'postgres',
    ...topology.kafka.map((_, at) => `kafka-${at + 1}`),
    ...topology.redis.map((_, at) => `redis-${at + 1}`),
  ]
  const own = roles.flatMap(namesOf)
  const down = await platform.holdDown(engines)
  for (const name of own) await platform.signal(name, 'SIGKILL')
  await sleep(absentMs)
  const silent: string[] = []
  for (const name of own) {
    const { lines } = await probe.operate<{ lines: string[] }>('incident-triage/logs', {
      process: name,
      grep: 'waiting, because PostgreSQL',
    })
    if (lines.length === 0) silent.push(name)
  }
  await down[Symbol.asyncDispose]()
  const back = performance.now()
  const answered = (): boolean => sent.filter(one => one.sentAt < back).every(one => one.endedAt !== undefined)
  const took = await until('every answer is there', answered, { limitMs: backMs })
  const summary =
    silent.length === 0
      ? `all ${own.length} said what they waited for`
      : `${silent.join(', ')} did not say what they waited for`
  return {
    ok: silent.length === 0,
    measured: `${summary}; every answer was there ${(took / 1_000).toFixed(1)} s after the engines`,
  }
}

export const startOutages = [
  defineOutage({
    id: 'start.engines-absent',
    claim: 'processes that start while no engine is there wait, say for what, and work when it comes',
    load: { perSecond: 2, students: 20 },
    run: enginesAbsent,
  }),
] as const
