import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { masteryKey, type StoredMastery } from '../schemas/state-keys.ts'
import { learningEvents, type Topic } from '../schemas/topics.ts'
import { readRunning } from '../platform/owner/data-folder.ts'
import { targetOf } from '../platform/targets/resolve.ts'
import { openSharedPorts, type Ports } from '../platform/open.ts'
import { openProbe, type Probe } from '../verify/check.ts'
import type { ApiClient } from '../api/client.ts'
import { type Call, type LoadResult, openLoop, Pace } from './open-loop.ts'
import { throwawayConfig } from '../verify/test-platform.ts'

/**
 * The job of a load generator on the platform of the data folder `LEARNFLOW_DATA_DIR`. The first four use the ports of
 * the drivers `LEARNFLOW_DRIVERS`.
 */
export const GeneratorJob = z.strictObject({
  does: z.enum(['write', 'read', 'replace', 'publish', 'submit', 'triage', 'look']),
  pace: Pace,
})
export type GeneratorJob = z.infer<typeof GeneratorJob>

const students = 1_000
/** Has the settings of the agents' topic, but no readers. */
const topic: Topic = { ...learningEvents, name: 'bench.events' }
const questions = [
  'What is the difference between a list and a tuple?',
  'my loop never ends, why?',
  'Please review my code',
  'give me an exercise on dictionaries',
]

/** Does one job and returns how long its calls took. */
export async function runJob({ does, pace }: GeneratorJob): Promise<LoadResult> {
  const own = throwawayConfig()
  const config = await (await targetOf(own.LEARNFLOW_DATA_DIR)).settings(own)
  if (does === 'submit' || does === 'triage' || does === 'look') {
    const probe = await openProbe(config.LEARNFLOW_DATA_DIR, config)
    return openLoop(pace, await asStudents[does](probe))
  }
  const broken = Promise.withResolvers<never>()
  await using ports = await openSharedPorts(config, 'bench', { apps: {}, onBroken: broken.reject })
  if (does === 'publish') await ports.log.createTopic(topic)
  return await Promise.race([openLoop(pace, calls[does](ports)), broken.promise])
}

const calls = {
  write:
    ({ state }) =>
    async at =>
      state.set(keyOf(at), mastery()),
  read:
    ({ state }) =>
    async at =>
      state.get(keyOf(at)),
  /** Writes like the progress agent: reads, then writes if the value is unchanged. */
  replace:
    ({ state }) =>
    async at => {
      const known = await state.get(keyOf(at))
      await state.set(keyOf(at), mastery(), { etag: known?.etag ?? null })
    },
  publish:
    ({ log }) =>
    async at =>
      log.publish(topic.name, [
        { key: `synthetic-${at % students}`, value: JSON.stringify({ id: randomUUID(), ...mastery() }) },
      ]),
} as const satisfies Record<string, (ports: Ports) => Call>

const keyOf = (at: number): string => masteryKey(`synthetic-${at % students}`, 'basics')

/** A value as the progress agent stores it. */
const mastery = (): StoredMastery => ({
  module: 'basics',
  mastery: 61.25,
  level: 'Learning',
  components: { completion: 0.5, quiz: null, quality: 0.8125, consistency: 0.25 },
  bank_version: '6d7f8a9b0c1d2e3f',
  computed_at: new Date().toISOString(),
})

/**
 * One of a thousand students submits a program and waits for its grade. Every program is different, because equal
 * programs run only once.
 */
async function submit(probe: Probe): Promise<Call> {
  const clients = await clientsOf(probe)
  return async (at, mark) => {
    const client = clients(at)
    const { request_id } = await client.submit(
      'square',
      `def square(n):\n    return n * n\nWHOSE = '${randomUUID()}'\n`,
      randomUUID(),
    )
    mark('accepted')
    const { grade } = await client.ended(request_id)
    if (grade?.verdict !== 'passed') throw new Error(`a right program came back as ${grade?.verdict ?? 'nothing'}`)
  }
}

async function triage(probe: Probe): Promise<Call> {
  const clients = await clientsOf(probe)
  return async at => {
    const answer = await clients(at).ask(`${questions[at % questions.length]} (${at})`, null)
    // One that waits for triage was not routed.
    if (!('route' in answer) && answer.agent === 'triage')
      throw new Error(`a question was not routed: ${JSON.stringify(answer).slice(0, 200)}`)
  }
}

/** One of a thousand students looks at an exercise. */
async function look(probe: Probe): Promise<Call> {
  const clients = await clientsOf(probe)
  return async at => clients(at).exercise('square')
}

const asStudents = { submit, triage, look } as const satisfies Record<string, (probe: Probe) => Promise<Call>>

/** A client for each of a thousand students, spread over the API's addresses. */
async function clientsOf(probe: Probe): Promise<(at: number) => ApiClient> {
  const { url, also = [] } = (await readRunning(probe.folder)) ?? { url: probe.url }
  const urls = [url, ...also]
  const all = Array.from({ length: students }, (_, at) =>
    probe.client({ student: probe.newStudent() }).at(urls[at % urls.length] ?? url),
  )
  return at => all[at % students] ?? probe.client({ student: probe.newStudent() })
}
