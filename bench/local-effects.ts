import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { LearningEvent } from '../schemas/learning-event.ts'
import { learningEvents } from '../schemas/topics.ts'
import { localPaths } from '../platform/targets/local/layout.ts'
import { openSupervisor } from '../platform/open.ts'
import { processNames } from '../platform/targets/local/topology.ts'
import { type LocalTestPlatform, startLocalTestPlatform } from '../verify/test-platform-local.ts'
import { isConsistent, auditEffects } from '../verify/audit.ts'
import { msUntil } from '../verify/wait.ts'
import { type Bench, tenth } from './bench.ts'
import { submitAll } from './insistent.ts'
import { defaultSettings } from './local.ts'

const agents = ['exercise', 'progress'] as const
const consumers = 2
const deliveries = 3
const repeated = new Set<string>(['submission.received', 'submission.graded'])
const drainMs = 900_000
/** Pause between kills: a supervisor gives up a process that ends more than five times within a minute. */
const betweenKillsMs = 4_000
type Progress = (line: string) => void

interface EffectsOptions {
  submissions: number
  students: number
  concurrency: number
}

/** Tests on real engines that nothing is lost and nothing is graded twice. */
export const localEffects: Bench = {
  about:
    'ten submissions of each student (10,000 in all unless told otherwise), every event delivered three ' +
    'times to two consumers of each agent, random SIGKILLs: lost, duplicates, order',
  async run(progress, quick, submissions = 10_000) {
    const options = quick
      ? { submissions: 100, students: 20, concurrency: 10 }
      : { submissions, students: Math.ceil(submissions / 10), concurrency: 50 }
    await using platform = await startLocalTestPlatform({ settings: defaultSettings })
    await using stack = new AsyncDisposableStack()
    for (const agent of agents) for (let more = 1; more < consumers; more += 1) stack.use(await platform.add(agent))
    progress(`up, ${consumers} consumers of each agent`)
    return await effects(platform, options, progress)
  },
}

async function effects(
  platform: LocalTestPlatform,
  { submissions, students: count, concurrency }: EffectsOptions,
  progress: Progress,
) {
  const start = performance.now()
  const { probe, stores } = platform
  const students = Array.from({ length: count }, () => probe.newStudent())
  const accepted = new Set<string>()
  const repeater = await repeatEvents(stores.log)
  await using stack = new AsyncDisposableStack()
  stack.use(repeater.subscription)
  const killer = killAtRandom(platform, () => `${accepted.size} of ${submissions} accepted`, progress)
  const clientOf = (student: string) => probe.client({ student })
  try {
    await submitAll({ students, submissions, concurrency, posts: 1, clientOf, accepted: id => void accepted.add(id) })
    progress(`${accepted.size} accepted, ${killer.kills()} processes killed; waiting for the grades`)
    // What is unfinished after this time is counted as such.
    await msUntil(async () => isDrained(stores), { limitMs: drainMs, everyMs: 1_000 })
  } finally {
    await killer.stop()
  }
  const audit = await auditEffects(stores.history.db, { accepted: [...accepted], students, keys: submissions })
  const { grades, graded_events, unfinished } = await counts(stores.history.db, students)
  const wanted = { accepted: submissions, grades: submissions, graded_events: submissions }
  const figures = {
    ...audit,
    grades,
    graded_events,
    unfinished,
    kills: killer.kills(),
    repeated_events: repeater.repeated(),
    seconds: tenth((performance.now() - start) / 1_000),
  }
  const exact = audit.accepted === wanted.accepted && grades === wanted.grades && graded_events === wanted.graded_events
  return {
    figures,
    ok: isConsistent(audit) && audit.dead === 0 && exact && unfinished === 0 && repeater.repeated() >= 2 * submissions,
  }
}

/**
 * Publishes every event that an agent consumes two more times, like a producer that did not see its success: each is
 * delivered three times.
 */
async function repeatEvents(
  log: LocalTestPlatform['stores']['log'],
): Promise<{ subscription: AsyncDisposable; repeated(): number }> {
  const seen = new Set<string>()
  const subscription = await log.subscribe({
    topic: learningEvents.name,
    group: 'bench-repeater',
    async handle({ key, value }) {
      const { id, type } = LearningEvent.parse(JSON.parse(value))
      if (!repeated.has(type) || seen.has(id)) return
      seen.add(id)
      await log.publish(
        learningEvents.name,
        Array.from({ length: deliveries - 1 }, () => ({ key, value })),
      )
    },
  })
  return { subscription, repeated: () => seen.size }
}

/** Kills an agent, an API process or a sidecar every few seconds; its supervisor restarts it. */
function killAtRandom({ folder, topology, signal }: LocalTestPlatform, where: () => string, progress: Progress) {
  const ending = new AbortController()
  const engines = new Set([
    'postgres',
    ...topology.kafka.map((_, at) => `kafka-${at + 1}`),
    ...topology.redis.map((_, at) => `redis-${at + 1}`),
  ])
  const supervisor = openSupervisor(localPaths(folder).processes)
  let kills = 0
  const killing = (async () => {
    for (;;) {
      await sleep(betweenKillsMs * (1 + Math.random()), undefined, { signal: ending.signal }).catch(() => {})
      if (ending.signal.aborted) return
      const names = (await processNames(folder)).filter(name => !engines.has(name))
      const name = names[Math.floor(Math.random() * names.length)]
      if (name === undefined || (await supervisor.status(name)).pid === undefined) continue
      await signal(name, 'SIGKILL')
      kills += 1
      progress(`killed ${name} at ${where()}`)
    }
  })()
  return {
    kills: () => kills,
    async stop() {
      ending.abort()
      await killing
    },
  }
}

/** Whether every agent has read and finished all events. */
async function isDrained({ log, history }: LocalTestPlatform['stores']): Promise<boolean> {
  const { rows } = await sql<{ open: number }>`
    select (select count(*)::int from inbox where state = 'queued')
      + (select count(*)::int from outbox) as open`.execute(history.db)
  const lags = await Promise.all([...agents, 'bench-repeater'].map(async group => log.lag(learningEvents.name, group)))
  return rows[0]?.open === 0 && lags.flat().every(({ lag }) => lag === 0)
}

async function counts(
  db: LocalTestPlatform['stores']['history']['db'],
  students: readonly string[],
): Promise<Record<'grades' | 'graded_events' | 'unfinished', number>> {
  const ids = [...students]
  const { rows } = await sql<Record<'grades' | 'graded_events' | 'unfinished', number>>`
    select (select count(*)::int from grade where student_id = any(${ids}::text[])) as grades,
      (select count(*)::int from inbox where consumer = 'progress' and state = 'done'
        and lane = any(${ids}::text[])) as graded_events,
      (select count(*)::int from inbox where state = 'queued')
        + (select count(*)::int from outbox) as unfinished`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('the database gave no counts')
  return row
}
