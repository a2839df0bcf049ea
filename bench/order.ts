import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { questionAsked } from '../schemas/events.ts'
import { learningEvents } from '../schemas/topics.ts'
import { type LocalTestPlatform, startLocalTestPlatform } from '../verify/test-platform-local.ts'
import { msUntil } from '../verify/wait.ts'
import { type Bench, tenth } from './bench.ts'
import { defaultSettings } from './local.ts'

const agent = 'triage'
/** How far the publisher may be ahead of the agent, so that members change while there is work. */
const maxAhead = 2_000
const drainMs = 900_000
/** Pause between two changes: a supervisor gives up a member that ends more than five times in a minute. */
const pauseMs = 5_000
type Progress = (line: string) => void
type Stores = LocalTestPlatform['stores']
type Changes = Record<'joined' | 'killed' | 'left', number>

/** Tests that a student's events are handled in order, whichever member holds the partition. */
export const order: Bench = {
  about:
    '1,000 students with 100 events each to an agent whose members join, leave and are killed all the time: ' +
    'what was taken out of order, lost or twice',
  async run(progress, quick) {
    const [students, each] = quick ? [100, 80] : [1_000, 100]
    await using platform = await startLocalTestPlatform({ settings: defaultSettings })
    const start = performance.now()
    const { stores, probe } = platform
    const ids = Array.from({ length: students }, () => probe.newStudent())
    let changes: Changes = { joined: 0, killed: 0, left: 0 }
    const changer = changeMembers(platform, progress)
    let events = 0
    try {
      // On a fast machine the first rounds would end before any member changed.
      const enough = (rounds: number): boolean => rounds >= each && (changer.counts().killed > 0 || rounds >= 10 * each)
      events = await publishAll(stores, ids, enough, progress)
      // What is missing after this time is counted as lost.
      await msUntil(async () => (await endedOf(stores)) >= events, { limitMs: drainMs })
    } finally {
      // Changes after the events have ended do not count.
      changes = changer.counts()
      await changer.stop()
    }
    const seconds = (performance.now() - start) / 1_000
    const audit = await orderOf(stores, events)
    const figures = {
      events,
      ...audit,
      ...changes,
      seconds: tenth(seconds),
      events_per_second: tenth(events / seconds),
    }
    return {
      figures,
      ok:
        audit.lost + audit.received_out_of_order + audit.worked_out_of_order === 0 &&
        changes.joined > 0 &&
        changes.killed > 0,
    }
  },
}

const cancelled = { kind: 'question', agent, status: 'cancelled', traceparent: '' } as const

/**
 * Publishes numbered events of each student in rounds, and returns how many. The events ask about requests that were
 * cancelled, so the agent ends each without an answer and only the way through log, group, inbox and lane is measured.
 */
async function publishAll(
  stores: Stores,
  students: readonly string[],
  enough: (rounds: number) => boolean,
  progress: Progress,
): Promise<number> {
  let at = 0
  for (; !enough(at); at += 1) {
    const requests = students.map(student_id => ({ student_id, request_id: randomUUID() }))
    await stores.history.db
      .insertInto('request')
      .values(requests.map(request => ({ ...request, ...cancelled })))
      .execute()
    const messages = requests.map(({ student_id: student, request_id }) => {
      const event = questionAsked.of(
        student,
        { request_id, text: String(at), code: null },
        { key: [request_id], source: '/toolkit' },
      )
      return { key: student, value: JSON.stringify(event) }
    })
    await stores.log.publish(learningEvents.name, messages)
    const published = (at + 1) * students.length
    while (published - (await endedOf(stores)) > maxAhead) await sleep(200)
    if (at % 10 === 9) progress(`${published} published`)
  }
  return at * students.length
}

/** A second member joins, the first is killed and comes back, the second leaves, and so on. */
function changeMembers(platform: LocalTestPlatform, progress: Progress): { counts(): Changes; stop(): Promise<void> } {
  const ending = new AbortController()
  const [counts, pause] = [
    { joined: 0, killed: 0, left: 0 },
    async () => sleep(pauseMs, undefined, { signal: ending.signal }).catch(() => {}),
  ]
  const first = platform.namesOf(agent)[0] ?? agent
  const changing = (async () => {
    while (!ending.signal.aborted) {
      await pause()
      const second = await platform.add(agent)
      counts.joined += 1
      await pause()
      await platform.signal(first, 'SIGKILL')
      counts.killed += 1
      await pause()
      await second[Symbol.asyncDispose]()
      counts.left += 1
      progress(`members changed ${counts.joined + counts.killed + counts.left} times`)
    }
  })()
  // `stop` awaits this promise and throws its error.
  changing.catch(() => {})
  return {
    counts: () => ({ ...counts }),
    async stop() {
      ending.abort()
      await changing
    },
  }
}

const number = sql<number>`(event->'data'->>'text')::int`

async function endedOf({ history }: Stores): Promise<number> {
  const { rows } = await sql<{
    count: number
  }>`select count(*)::int as count from inbox where consumer = ${agent} and state <> 'queued'`.execute(history.db)
  return rows[0]?.count ?? Number.NaN
}

/**
 * Counts in the database the lost events, and where a student's numbers do not increase by one in the order of receipt
 * or of work.
 */
export async function orderOf(
  { history }: Pick<Stores, 'history'>,
  events: number,
): Promise<Record<'lost' | 'received_out_of_order' | 'worked_out_of_order', number>> {
  const { rows } = await sql<Record<'lost' | 'received_out_of_order' | 'worked_out_of_order', number>>`
    with numbered as (
      select lane, ${number} as number, state,
        row_number() over (partition by lane order by position) - 1 as received,
        row_number() over (partition by lane order by finished_at, position) - 1 as worked
      from inbox where consumer = ${agent}
    )
    select ${events}::int - count(*) filter (where state in ('done', 'cancelled'))::int as lost,
      count(*) filter (where number <> received)::int as received_out_of_order,
      count(*) filter (where number <> worked)::int as worked_out_of_order
    from numbered`.execute(history.db)
  const [row] = rows
  if (row === undefined) throw new Error('the database gave no counts')
  return row
}
