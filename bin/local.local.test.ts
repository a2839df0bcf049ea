import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { readConfig } from '../platform/config.ts'
import { checkPorts } from '../platform/engines/ports.ts'
import { onEngines } from '../platform/engines/test-local.ts'
import { namedPorts } from '../platform/targets/local/layout.ts'
import { local } from '../platform/targets/local/target.ts'
import { readTopology } from '../platform/targets/local/topology.ts'
import { openProbe } from '../verify/check.ts'
import type { ApiClient } from '../api/client.ts'

const program = join(import.meta.dirname, 'learnflow.ts')
const [students, each] = [10, 5]
const right = 'def square(n):\n    return n * n\n'
const Status = z.looseObject({
  restarts: z.number(),
  processes: z.array(z.object({ name: z.string(), pid: z.number(), restarts: z.number() })),
})

/** A platform of the target local in its own folder; processes left at the end are killed. */
async function startLocal(engine: 'direct' | 'dapr') {
  await using stack = new AsyncDisposableStack()
  const home = await mkdtemp(join(tmpdir(), 'learnflow-local-'))
  stack.defer(async () => rm(home, { recursive: true, force: true }))
  // PostgreSQL may have to run as another user, who must be able to reach its folder.
  await chmod(home, 0o711)
  const [folder, state] = [join(home, 'data'), join(home, 'state')]
  const env = {
    LEARNFLOW_DRIVERS: engine,
    LEARNFLOW_LOCAL_PORTS: '0',
    LEARNFLOW_LOG_LEVEL: 'warn',
    LEARNFLOW_SANDBOX_PROCESSES: '1',
    XDG_STATE_HOME: state,
  }
  const learnflow = async (...args: string[]) =>
    execa(process.execPath, [program, ...args, '--data', folder], { env, cwd: home, reject: false })
  stack.defer(async () => void (await learnflow('down', '--grace-seconds', '5')))
  const up = await learnflow('up', '--target', 'local', '--port', '0', '--wait-seconds', '110')
  expect(up.exitCode, up.stderr).toBe(0)
  const config = await local.settings(readConfig({ LEARNFLOW_DATA_DIR: folder }, env, home))
  const owned = stack.move()
  return {
    folder,
    state,
    learnflow,
    probe: await openProbe(folder, config),
    database: config.LEARNFLOW_POSTGRES_URL,
    status: async () => Status.parse(JSON.parse((await learnflow('status', '--json')).stdout)),
    [Symbol.asyncDispose]: async () => owned.disposeAsync(),
  }
}

async function countGrades(database: string) {
  const client = new Client({ connectionString: database })
  await client.connect()
  const { rows } = await client.query<{ grades: number; submissions: number }>(
    `select count(*)::int as grades, count(distinct submission_id)::int as submissions from grade where student_id like 'killed-%'`,
  )
  await client.end()
  return rows[0]
}

/** The command lines of all processes that name this folder. */
async function processesOn(folder: string): Promise<string[]> {
  const { stdout } = await execa('ps', ['-eo', 'args'])
  return stdout.split('\n').filter(line => line.includes(folder))
}

const restartsOf = ({ processes }: z.infer<typeof Status>, name: string): number =>
  processes.find(one => one.name === name)?.restarts ?? Number.NaN

function pidOf({ processes }: z.infer<typeof Status>, name: string): number {
  const pid = processes.find(one => one.name === name)?.pid
  if (pid === undefined) throw new Error(`${name} does not run`)
  return pid
}

/**
 * The API calls triage through both their sidecars; while triage hangs a question is stored, and it is answered when
 * triage is back.
 */
async function asksWithoutTriage(client: ApiClient, triage: number): Promise<void> {
  const asked = await client.ask('how far am I with loops, show my progress', null)
  expect(await client.ended(asked.request_id ?? '', 60_000)).toMatchObject({
    agent: 'progress',
    status: 'done',
    result: { text: expect.stringContaining('Your last submission') },
  })
  process.kill(triage, 'SIGSTOP')
  try {
    const kept = await Promise.all(
      [1, 2, 3].map(async () => client.ask('how far am I with loops, show my progress', null)),
    )
    expect(kept.map(answer => 'status' in answer && answer.status)).toEqual(['queued', 'queued', 'queued'])
    process.kill(triage, 'SIGCONT')
    for (const answer of kept)
      expect(await client.ended(answer.request_id ?? '', 60_000)).toMatchObject({ status: 'done' })
  } finally {
    process.kill(triage, 'SIGCONT')
  }
}

onEngines(() => {
  test.for(['direct', 'dapr'] as const)(
    'a platform on %s grades once through a killed worker, answers without triage and Redis, and stops',
    { timeout: 400_000 },
    async engine => {
      await using platform = await startLocal(engine)
      const { folder, probe } = platform
      const names = Array.from({ length: students }, (_, nr) => `killed-${nr}-${randomUUID().slice(0, 8)}`)
      const clients = names.map(student => probe.client({ student }))
      const accepted = await Promise.all(
        clients.map(async client => {
          const ids: string[] = []
          for (let nr = 0; nr < each; nr += 1) ids.push((await client.submit('square', right, `nr-${nr}`)).request_id)
          return ids
        }),
      )
      expect(await clients[0]?.ended(accepted[0]?.[0] ?? '', 60_000)).toMatchObject({ status: 'done' })
      const before = await platform.status()
      process.kill(pidOf(before, 'exercise-1'), 'SIGKILL')
      const ended = await Promise.all(
        clients.map(async (client, at) => Promise.all((accepted[at] ?? []).map(async id => client.ended(id, 60_000)))),
      )
      expect(ended.flat().map(({ status }) => status)).toEqual(Array.from({ length: students * each }, () => 'done'))
      expect(await countGrades(platform.database)).toEqual({ grades: students * each, submissions: students * each })
      expect(restartsOf(await platform.status(), 'exercise-1')).toBe(restartsOf(before, 'exercise-1') + 1)

      const client = probe.client({ student: names[0] ?? '' })
      if (engine === 'dapr') await asksWithoutTriage(client, pidOf(before, 'triage-1'))
      expect((await platform.learnflow('redis-cluster', 'remove')).exitCode).toBe(0)
      expect(new Set((await client.mastery(names[0] ?? '')).modules.map(({ source }) => source))).toEqual(
        new Set(['history']),
      )

      const topology = await readTopology(folder)
      expect((await platform.learnflow('down')).exitCode).toBe(0)
      expect(await processesOn(folder)).toEqual([])
      await checkPorts(Object.fromEntries(topology === undefined ? [] : namedPorts(topology)))
      expect(await readdir(platform.state, { recursive: true })).toEqual(['learnflow'])
    },
  )
})
