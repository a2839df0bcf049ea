import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { sql } from 'kysely'
import type { StepName } from '../../platform/steps.ts'
import type { CheckResult } from '../check.ts'
import { defineOutage, gradesGoOn } from '../outage.ts'
import type { LocalTestPlatform } from '../test-platform-local.ts'
import { until } from '../wait.ts'
import { pointsOf } from './points.ts'

const right = 'def square(n): return n * n'
/** Runs long enough to be stopped in the middle. */
const slow = 'for _ in range(20_000_000): pass\ndef square(n): return n * n'
const limitMs = 90_000
const zombieMs = 8_000
const resumeMs = 30_000
const watchedMs = 45_000

/**
 * Starts a worker that dies at `step` when it has an event of that student, and resolves once it prints or ends;
 * `ended` resolves with how it died.
 */
async function startDying({ env, argumentsOf }: LocalTestPlatform, name: string, step: StepName, student: string) {
  const hook = pathToFileURL(join(import.meta.dirname, `die-at${extname(import.meta.filename)}`))
  hook.search = new URLSearchParams({ step, student }).toString()
  const worker = execa(process.execPath, ['--import', hook.href, ...argumentsOf(name)], {
    env,
    reject: false,
    stdin: 'ignore',
    timeout: limitMs,
  })
  const ended = worker.then(({ signal, stderr }) => signal ?? stderr.slice(-200))
  await Promise.race([new Promise(resolve => worker.stdout.once('data', resolve)), ended])
  return { ended }
}

/**
 * Replaces the real worker by one worker after the other, each killed at another step; the next one takes over what it
 * left.
 */
async function killedEverywhere(platform: LocalTestPlatform): Promise<CheckResult> {
  const [name = ''] = platform.namesOf('exercise')
  const real = await platform.holdDown([name])
  const missed: string[] = []
  const left: { student: string; id: string }[] = []
  const points = pointsOf(platform.topology.engine)
  for (const point of points) {
    const student = platform.probe.newStudent()
    const { ended } = await startDying(platform, name, point, student)
    left.push({ student, id: (await platform.probe.client({ student }).submit('square', right, 'dying')).request_id })
    const how = await ended
    if (how !== 'SIGKILL') missed.push(`${point} (${how})`)
  }
  await real[Symbol.asyncDispose]()
  const ends = await Promise.all(
    left.map(async ({ student, id }) => platform.probe.client({ student }).ended(id, limitMs)),
  )
  const graded = ends.filter(end => end.status === 'done').length
  const { rows } = await sql<{
    count: number
  }>`select count(*)::int as count from request_event where type = 'done'
    and request_id = any(${left.map(one => one.id)}::uuid[])`.execute(platform.stores.history.db)
  const closed = rows[0]?.count ?? 0
  const killed = points.length - missed.length
  const measured = `killed at ${killed} of ${points.length} points, ${graded} graded, ${closed} times in all`
  return {
    ok: missed.length === 0 && graded === points.length && closed === points.length,
    measured: [measured, ...missed].join('; '),
  }
}

/**
 * The owner of a claim is stopped past its lease, another worker finishes the work, and then the first one continues.
 */
async function zombie(platform: LocalTestPlatform): Promise<CheckResult> {
  const { db } = platform.stores.history
  const [name = ''] = platform.namesOf('exercise')
  const student = platform.probe.newStudent()
  const client = platform.probe.client({ student })
  const { request_id } = await client.submit('square', slow, 'zombie')
  const lane = async () =>
    db
      .selectFrom('lane')
      .select(['fence', 'owner'])
      .where('consumer', '=', 'exercise')
      .where('lane', '=', student)
      .executeTakeFirst()
  await until('the worker has it in hand', async () => (await client.request(request_id)).status === 'working', {
    limitMs,
    everyMs: 20,
  })
  await platform.signal(name, 'SIGSTOP')
  await using undo = new AsyncDisposableStack()
  undo.defer(async () => platform.signal(name, 'SIGCONT'))
  const [held, early] = [await lane(), await client.request(request_id)]
  undo.use(await platform.add('exercise'))
  const { status } = await client.ended(request_id, limitMs)
  const newer = await lane()
  const before = await writtenFor(platform, request_id)
  await platform.signal(name, 'SIGCONT')
  // The resumed worker tries at once to store what it was working on.
  await sleep(zombieMs)
  const after = await writtenFor(platform, request_id)
  const overtaken = early.status === 'working' && Number(newer?.fence) > Number(held?.fence)
  const measured =
    `stopped while ${early.status}, ${overtaken ? 'another' : 'nobody else'} claimed the lane (${status}); ` +
    `what is stored is ${before === after ? 'as it was' : `changed: ${before} ${after}`}`
  return { ok: overtaken && status === 'done' && before === after && JSON.parse(before).length === 1, measured }
}

/** The grades of a request with the transaction that wrote each, and how often the request was closed. */
async function writtenFor({ stores: { history } }: LocalTestPlatform, requestId: string): Promise<string> {
  const { rows } = await sql`select grade.xmin::text as written, graded_at,
      (select count(*)::int from request_event where request_id = submission_id and type = 'done') as closed
    from grade where submission_id = ${requestId}`.execute(history.db)
  return JSON.stringify(rows)
}

export const workerOutages = [
  defineOutage({
    id: 'worker.killed',
    claim: `a worker is killed: grades go on within ${resumeMs / 1_000} s`,
    quick: true,
    run: async (platform, load) =>
      gradesGoOn(load, { limitMs: resumeMs, watchedMs }, async () => {
        for (const name of platform.namesOf('exercise')) await platform.signal(name, 'SIGKILL')
      }),
  }),
  defineOutage({
    id: 'worker.killed-everywhere',
    claim:
      'a worker is killed at each of 20 points between the receipt of a submission and the end of its work: ' +
      'each is graded once',
    load: { perSecond: 1, students: 5 },
    run: killedEverywhere,
  }),
  defineOutage({
    id: 'worker.zombie',
    claim: 'a worker that stood still past its lease writes nothing when it goes on',
    quick: true,
    run: zombie,
  }),
] as const
