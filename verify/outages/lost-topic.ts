import { learningEvents } from '../../schemas/topics.ts'
import type { CheckResult } from '../check.ts'
import { defineOutage } from '../outage.ts'
import type { LocalTestPlatform } from '../test-platform-local.ts'
import { topicSettings } from '../topic-settings.ts'
import { until } from '../wait.ts'

const agent = 'exercise'
const right = 'def square(n): return n * n'
const count = 20
const publishedMs = 30_000
/** The claim: a minute until a request counts as lost, and the time for looking and for grading. */
const gradedMs = 120_000
const patienceMs = 300_000

/**
 * Programs are accepted and published while their agent is removed; the topic is deleted with them and made again, as an
 * operator does who is told that it is wrong; then the agent comes back.
 */
async function topicLost(platform: LocalTestPlatform): Promise<CheckResult> {
  const { probe, topology, stores } = platform
  await probe.operate('tutoring-agents/remove', { name: agent })
  const waiting = await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const client = probe.client({ student: probe.newStudent() })
      return { client, id: (await client.submit('square', right, `lost-${at}`)).request_id }
    }),
  )
  const published = async (): Promise<boolean> =>
    (await stores.history.db.selectFrom('outbox').select('outbox_id').limit(1).execute()).length === 0
  await until('everything is published', published, { limitMs: publishedMs })
  const settings = topicSettings(topology)
  await settings.drop(learningEvents)
  await settings.make(learningEvents)
  await probe.operate('tutoring-agents/deploy', { name: agent })
  const done = async (): Promise<boolean> =>
    (await Promise.all(waiting.map(async ({ client, id }) => client.request(id)))).every(
      ({ status }) => status === 'done',
    )
  const took = await until('every accepted program has its grade', done, { limitMs: patienceMs, everyMs: 1_000 })
  return {
    ok: true,
    late: took >= gradedMs,
    measured: `${count} programs whose events were deleted had their grades after ${(took / 1_000).toFixed(0)} s`,
  }
}

export const lostTopicOutages = [
  defineOutage({
    id: 'kafka.topic-lost',
    claim: `the topic is deleted with accepted programs and made again: each is graded within ${gradedMs / 1_000} s`,
    // Each student sends once, because the order of what one sent before and after the loss is not kept.
    load: { perSecond: 1, students: 400 },
    run: topicLost,
  }),
] as const
