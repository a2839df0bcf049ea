import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { learningEvents } from '../../schemas/topics.ts'
import type { CheckResult } from '../check.ts'
import type { Load } from '../load.ts'
import { defineOutage, gradesGoOn } from '../outage.ts'
import type { LocalTestPlatform } from '../test-platform-local.ts'
import { answers, until } from '../wait.ts'

const brokers = ['kafka-1', 'kafka-2', 'kafka-3']
const writesMs = 10_000
/** For the whole way from submission to grade. */
const resumeMs = 20_000
const watchedMs = 15_000
const downMs = 8_000
const stalledMs = 10_000
const backMs = 60_000
const writesTried = 5

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

/** Waits until all brokers serve all partitions again, and returns how many ms that took. */
const whole = async ({ stores }: LocalTestPlatform): Promise<number> =>
  until(
    'kafka serves all partitions again',
    async () => answers(async () => stores.log.lag(learningEvents.name, 'exercise')),
    { limitMs: backMs },
  )

/** Tries writes one after the other, and returns how many were tried and which were acknowledged. */
async function tryWrites(
  { stores: { log } }: LocalTestPlatform,
  topic: string,
): Promise<{ tried: string[]; acked: string[] }> {
  const tried = Array.from({ length: writesTried }, () => randomUUID())
  const acked: string[] = []
  const write = async (value: string): Promise<void> =>
    log.publish(topic, [{ key: value, value }]).then(
      () => void acked.push(value),
      () => {},
    )
  await Promise.race([Promise.all(tried.map(write)), sleep(downMs)])
  return { tried, acked: [...acked] }
}

/**
 * Until `over`, writes one message after the other to every partition, each until it is acknowledged; returns how many
 * ms the slowest took.
 */
async function slowestWrite({ stores: { log } }: LocalTestPlatform, topic: string, over: AbortSignal): Promise<number> {
  let slowest = 0
  for (let nr = 0; !over.aborted; nr += 1) {
    const message = { key: `s${nr}`, value: String(nr) }
    slowest = Math.max(
      slowest,
      await until('a write is acknowledged', async () => answers(async () => log.publish(topic, [message])), {
        limitMs: backMs,
      }),
    )
    await sleep(50)
  }
  return slowest
}

async function oneOfThree(platform: LocalTestPlatform, load: Load): Promise<CheckResult> {
  const topic = await ownTopic(platform, 6)
  const over = new AbortController()
  const [found, slowest] = await Promise.all([
    gradesGoOn(load, { limitMs: resumeMs, watchedMs }, async () => platform.signal('kafka-1', 'SIGKILL')).finally(() =>
      over.abort(),
    ),
    slowestWrite(platform, topic, over.signal),
  ])
  await whole(platform)
  return {
    ...found,
    late: found.late === true || slowest >= writesMs,
    measured: `no write for ${seconds(slowest)} at most, ${found.measured}`,
  }
}

/** A topic without readers. */
async function ownTopic({ stores: { log } }: LocalTestPlatform, partitions: number): Promise<string> {
  const name = `outage-${randomUUID()}`
  await log.createTopic({ ...learningEvents, name, partitions })
  return name
}

async function twoOfThree(platform: LocalTestPlatform): Promise<CheckResult> {
  const topic = await ownTopic(platform, 1)
  const { tried, acked } = await whileDown(async () => tryWrites(platform, topic))
  const took = await whole(platform)
  return {
    ok: acked.length === 0,
    measured: `${tried.length} writes tried, ${acked.length} acknowledged, back after ${seconds(took)}`,
  }

  async function whileDown<Result>(work: () => Promise<Result>): Promise<Result> {
    await using _down = await platform.holdDown(brokers.slice(1))
    return await work()
  }
}

export const kafkaOutages = [
  defineOutage({
    id: 'kafka.one-of-three',
    claim: `a broker is killed: writes go on within ${writesMs / 1_000} s, grades within ${resumeMs / 1_000} s`,
    quick: true,
    run: oneOfThree,
  }),
  defineOutage({
    id: 'kafka.two-of-three',
    claim: 'two brokers are killed: no write is acknowledged, and none is lost',
    quick: true,
    run: twoOfThree,
  }),
  defineOutage({
    id: 'kafka.leader-stalled',
    claim: 'a broker stands still and comes back: an answer is never later than 30 s',
    run: async (platform, load) =>
      gradesGoOn(load, { limitMs: 30_000, watchedMs }, async () => {
        await platform.signal('kafka-2', 'SIGSTOP')
        await using _goesOn = { [Symbol.asyncDispose]: async () => platform.signal('kafka-2', 'SIGCONT') }
        await sleep(stalledMs)
      }),
  }),
] as const
