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

/** Hands in programs while their agent is removed, and resolves when their events are in the log. */
async function handIn({ probe, stores }: LocalTestPlatform) {
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
  return waiting
}

/** Brings the agent back; resolves with the ms until every one of these programs is graded. */
async function gradedAfter({ probe }: LocalTestPlatform, waiting: Awaited<ReturnType<typeof handIn>>): Promise<number> {
  await probe.operate('tutoring-agents/deploy', { name: agent })
  const done = async (): Promise<boolean> =>
    (await Promise.all(waiting.map(async ({ client, id }) => client.request(id)))).every(
      ({ status }) => status === 'done',
    )
  return until('every accepted program has its grade', done, { limitMs: patienceMs, everyMs: 1_000 })
}

const judged = (what: string, took: number): CheckResult => ({
  ok: true,
  late: took >= gradedMs,
  measured: `${count} programs ${what} had their grades after ${(took / 1_000).toFixed(0)} s`,
})

/**
 * Programs are accepted and published while their agent is removed; the topic is deleted with them and made again, as an
 * operator does who is told that it is wrong; then the agent comes back.
 */
async function topicLost(platform: LocalTestPlatform): Promise<CheckResult> {
  const waiting = await handIn(platform)
  const settings = topicSettings(platform.topology)
  await settings.drop(learningEvents)
  await settings.make(learningEvents)
  return judged('whose events were deleted', await gradedAfter(platform, waiting))
}

/**
 * The topic is deleted and made again under a running agent, so that the agent's places are of a log that is gone; then
 * its group is set to the end of the new one while programs wait for the agent.
 */
async function groupMoved(platform: LocalTestPlatform): Promise<CheckResult> {
  const { probe, topology } = platform
  const settings = topicSettings(topology)
  await settings.drop(learningEvents)
  await settings.make(learningEvents)
  const first = probe.client({ student: probe.newStudent() })
  const { request_id: id } = await first.submit('square', right, 'first')
  const again = await until('a program is graded again', async () => (await first.request(id)).status === 'done', {
    limitMs: patienceMs,
  })
  const waiting = await handIn(platform)
  await settings.toEnd(learningEvents, agent)
  const found = judged('that the group was set past', await gradedAfter(platform, waiting))
  return { ...found, measured: `grades came again after ${(again / 1_000).toFixed(0)} s; ${found.measured}` }
}

export const lostTopicOutages = [
  defineOutage({
    id: 'kafka.topic-lost',
    claim: `the topic is deleted with accepted programs and made again: each is graded within ${gradedMs / 1_000} s`,
    // Each student sends once, because the order of what one sent before and after the loss is not kept.
    load: { perSecond: 1, students: 400 },
    run: topicLost,
  }),
  defineOutage({
    id: 'kafka.group-moved',
    claim:
      'the topic is made again under its agent, then the group set past programs that wait: each is graded within ' +
      `${gradedMs / 1_000} s`,
    load: { perSecond: 1, students: 600 },
    run: groupMoved,
  }),
] as const
