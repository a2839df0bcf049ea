import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { CheckResult } from '../check.ts'
import { PlatformError } from '../../platform/errors.ts'
import { acceptedOf, type Load } from '../load.ts'
import { defineOutage } from '../outage.ts'
import type { LocalTestPlatform } from '../test-platform-local.ts'
import { answers, until } from '../wait.ts'

const nodes = Array.from({ length: 6 }, (_, at) => `redis-${at + 1}`)
/** Less than the node timeout, because a replica that counts as failed would not be made master. */
const stalledMs = 2_500
const failoverMs = 30_000
const goneMs = 15_000
const rebuiltMs = 60_000

/** The process names of a master and its replica, as the cluster sees them now. */
async function pairOf({ topology }: LocalTestPlatform): Promise<{ master: string; replica: string }> {
  const client = new Redis({ host: '127.0.0.1', port: topology.redis[0]?.port ?? 0, lazyConnect: true })
  try {
    const lines = String(await client.cluster('NODES'))
      .trim()
      .split('\n')
    const seen = lines
      .map(line => line.split(' '))
      .map(([id = '', address = '', , master = '']) => ({ id, port: Number(/:(\d+)@/.exec(address)?.[1]), master }))
    const replica = seen.find(node => node.master !== '-')
    const master = seen.find(node => node.id === replica?.master)
    const named = (port: number | undefined): string =>
      nodes[topology.redis.findIndex(node => node.port === port)] ?? ''
    return { master: named(master?.port), replica: named(replica?.port) }
  } finally {
    client.disconnect()
  }
}

/** Waits until the cluster accepts writes again. */
const whole = async ({ stores }: LocalTestPlatform): Promise<number> =>
  until(
    'redis takes writes again',
    async () =>
      answers(async () =>
        Promise.all(nodes.map(async name => stores.state.set(`outage:${name}`, 1, { ttlSeconds: 60 }))),
      ),
    { limitMs: failoverMs },
  )

/**
 * How many keys of the state were missing or wrong; checks that none is left after a rebuild. For some seconds a
 * sidecar may not know the new master, and what it could not write meanwhile is a new difference, so the rebuild is
 * repeated. @throws when the state never becomes right
 */
async function rebuild({ probe }: LocalTestPlatform): Promise<{ keys: number; written: number }> {
  const counts = { keys: 0, written: 0 }
  const equal = async (): Promise<boolean> => {
    try {
      const { keys, written } = await probe.operate<{ keys: number; written: number }>('state-store/rebuild', {})
      Object.assign(counts, { keys, written: counts.written + written })
      await probe.operate('state-store/status', {})
      return true
    } catch (error) {
      if (error instanceof PlatformError && (error.code === 'CONFLICT' || error.code === 'CHECK_FAILED')) return false
      throw error
    }
  }
  await until('the state is what the history says', equal, { limitMs: rebuiltMs })
  return counts
}

async function masterKilled(platform: LocalTestPlatform): Promise<CheckResult> {
  const { master, replica } = await pairOf(platform)
  await platform.signal(replica, 'SIGSTOP')
  await sleep(stalledMs)
  {
    await using _down = await platform.holdDown([master])
    await platform.signal(replica, 'SIGCONT')
    await whole(platform)
  }
  const { keys, written } = await rebuild(platform)
  return { ok: keys > 0, measured: `${written} of ${keys} mastery values were lost, none after the rebuild` }
}

async function allGone(platform: LocalTestPlatform, { sent, students }: Load): Promise<CheckResult> {
  const [student = ''] = students
  const before = acceptedOf(sent).length
  const { during, modules } = await withoutRedis()
  await whole(platform)
  const { keys, written } = await rebuild(platform)
  const sources = [...new Set(modules.map(module => module.source))].join(', ')
  return {
    ok: during > 0 && sources === 'history',
    measured: `${during} graded without it, mastery from ${sources || 'nowhere'}; ${written} of ${keys} values rebuilt`,
  }

  async function withoutRedis() {
    await using _down = await platform.holdDown(nodes)
    await sleep(goneMs)
    const during = sent.slice(before).filter(one => one.status === 'done').length
    return { during, ...(await platform.probe.client({ student }).mastery(student)) }
  }
}

export const redisOutages = [
  defineOutage({
    id: 'redis.master-killed',
    claim: 'a master is killed while its replica stands still: after a rebuild the state is what the history says',
    quick: true,
    load: { perSecond: 20, students: 400 },
    run: masterKilled,
  }),
  defineOutage({
    id: 'redis.gone',
    claim: 'without Redis grading goes on, and mastery comes from the history and says so',
    run: allGone,
  }),
] as const
