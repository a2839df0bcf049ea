import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { readSecret, takeDataFolder } from '../platform/owner/data-folder.ts'
import { openHistory } from '../platform/open.ts'
import { signToken } from '../api/tokens.ts'
import { openProbe, type Probe } from '../verify/check.ts'
import { type ApiClient, apiClient } from '../api/client.ts'
import { startTestPlatform, temporaryFolder, type TestPlatform, throwawayConfig } from '../verify/test-platform.ts'
import { msUntil } from '../verify/wait.ts'
import { type Bench } from './bench.ts'
import { submitAll, insist } from './insistent.ts'

interface EffectsOptions {
  submissions: number
  students: number
  concurrency: number
  /** How often the platform's process is killed with SIGKILL, at random moments, and restarted on its data. */
  kills: number
}

/** What the database holds afterwards. `submissions` and `grades` must equal `wanted`; the other counts must be 0. */
interface EffectsReport {
  wanted: number
  submissions: number
  grades: number
  lost: number
  duplicates: number
  out_of_order: number
  unfinished: number
  dead: number
  kills: number
  seconds: number
}

const drainMs = 300_000

/** Tests that nothing is lost and nothing is graded twice when the platform is killed. */
export const effectsBench: Bench = {
  about:
    '2,000 submissions by 200 students, each posted twice, while the platform is killed three times: lost, ' +
    'duplicates, order',
  async run(progress, quick) {
    const { wanted, ...report } = await effects(
      quick
        ? { submissions: 60, students: 12, concurrency: 12, kills: 1 }
        : { submissions: 2_000, students: 200, concurrency: 50, kills: 3 },
      progress,
    )
    const broken = report.lost + report.duplicates + report.out_of_order + report.unfinished + report.dead
    return {
      figures: { wanted, ...report },
      ok: broken === 0 && report.submissions === wanted && report.grades === wanted,
    }
  },
}

/**
 * Posts every program twice with the same key while the platform is killed repeatedly; a student posts the next program
 * once the previous one is accepted. The results are read from the database instead of the API.
 */
async function effects(
  { submissions, students, concurrency, kills }: EffectsOptions,
  progress: (line: string) => void,
): Promise<EffectsReport> {
  const start = performance.now()
  await using place = await temporaryFolder()
  const settings = { LEARNFLOW_SANDBOX_PROCESSES: '2', LEARNFLOW_LOG_LEVEL: 'error' }
  const platform = await startTestPlatform({ folder: place.path, settings })
  const posted = { count: 0 }
  try {
    const secret = await readSecret(place.path)
    const killing = killAtRandom(platform, kills, submissions, posted, progress)
    const clientOf = (student: string) =>
      apiClient({ url: platform.url, token: signToken(secret, throwawayConfig().LEARNFLOW_JWT_ISSUER, { student }) })
    const names = Array.from({ length: students }, (_, at) => `synthetic-${at}`)
    await submitAll({
      students: names,
      submissions,
      concurrency,
      posts: 2,
      clientOf,
      accepted: () => (posted.count += 1),
    })
    await killing
    progress(`${posted.count} accepted, waiting for the grades`)
    // What is unfinished after this time is counted as such.
    for (const name of names) await msUntil(async () => isAnswered(clientOf(name)), { limitMs: drainMs, everyMs: 100 })
    const probe = await openProbe(place.path, throwawayConfig())
    await msUntil(async () => (await isIdle(probe)) && (await isPublished(probe)) && (await isIdle(probe)), {
      limitMs: drainMs,
      everyMs: 100,
    })
  } finally {
    await platform[Symbol.asyncDispose]()
  }
  return {
    wanted: submissions,
    ...(await count(place.path, submissions)),
    kills,
    seconds: Math.round((performance.now() - start) / 100) / 10,
  }
}

/** Kills the platform when a random share of the work is accepted, spread over the whole run. */
async function killAtRandom(
  platform: TestPlatform,
  kills: number,
  total: number,
  posted: { count: number },
  progress: (line: string) => void,
): Promise<void> {
  for (let kill = 0; kill < kills; kill += 1) {
    const at = (total * (kill + 0.2 + 0.6 * Math.random())) / kills
    while (posted.count < at) await sleep(5)
    await sleep(Math.random() * 50)
    await platform.restart()
    progress(`killed and restarted at ${posted.count} of ${total} accepted`)
  }
}

/** Whether every submission of the client's student has ended, page by page. */
async function isAnswered(client: ApiClient): Promise<boolean> {
  for (let cursor: Record<string, string> = {}; ;) {
    const query = { limit: '100', ...cursor }
    const { submissions, next } = await insist(async () => client.submissions(query))
    if (submissions.some(one => ['queued', 'working'].includes(one.status))) return false
    if (next === null) return true
    cursor = { cursor: next }
  }
}

/** Whether no agent has waiting or running work; this includes the mastery updates that follow from grades. */
async function isIdle({ operate }: Probe): Promise<boolean> {
  const { agents } = await operate<{ agents: Record<'lag' | 'waiting' | 'in_hand', number>[] }>(
    'tutoring-agents/status',
    {},
  )
  return agents.every(({ lag, waiting, in_hand }) => lag + waiting + in_hand === 0)
}

const isPublished = async ({ client }: Probe): Promise<boolean> =>
  /^learnflow_outbox_messages 0$/m.test(String((await client({ token: undefined }).raw('GET', '/metrics')).body))

/** The counts, read from the database while no process uses it. */
async function count(folder: string, wanted: number): Promise<Omit<EffectsReport, 'wanted' | 'kills' | 'seconds'>> {
  await using data = await takeDataFolder(folder)
  await using history = await openHistory(throwawayConfig({ LEARNFLOW_DATA_DIR: folder }), data)
  const { rows } = await sql<
    Record<'submissions' | 'grades' | 'graded' | 'out_of_order' | 'unfinished' | 'dead', number>
  >`
    select (select count(*)::int from submission) as submissions, (select count(*)::int from grade) as grades,
      (select count(distinct submission_id)::int from grade) as graded,
      (select count(*)::int from (select graded_at,
        lag(graded_at) over (partition by student_id, exercise_id order by attempt) as before from grade) pairs
        where graded_at < before) as out_of_order,
      (select count(*)::int from inbox where state = 'queued') + (select count(*)::int from outbox) as unfinished,
      (select count(*)::int from inbox where state = 'dead') as dead`.execute(history.db)
  const [row] = rows
  if (row === undefined) throw new Error('the database gave no counts')
  const { graded, ...counts } = row
  return { ...counts, lost: wanted - graded, duplicates: counts.grades - graded }
}
