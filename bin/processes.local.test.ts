import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { daprResources } from '../platform/engines/daprd.ts'
import { freePorts } from '../platform/engines/ports.ts'
import { freshDatabase, ownSidecar } from '../platform/engines/test-engines.ts'
import { onEngines } from '../platform/engines/test-local.ts'
import type { SharedEngines } from '../platform/engines/test-setup.ts'
import { apiClient } from '../api/client.ts'

const program = join(import.meta.dirname, 'learnflow.ts')
const students = 6
const each = 5

const Ready = z.looseObject({ url: z.string().optional() })

/** A command that runs until it is stopped; resolves with its first line as data, once it works. */
async function start(args: readonly string[], env: Record<string, string>, stack: AsyncDisposableStack) {
  const child = execa(process.execPath, [program, ...args, '--json'], { env, reject: false })
  stack.defer(async () => {
    child.kill('SIGTERM')
    await child
  })
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), child])
  if (!Array.isArray(line)) throw new Error(`learnflow ${args.join(' ')} ended: ${line.stderr.slice(-800)}`)
  const said = String(line[0])
  if (said.includes('"ok":false')) throw new Error(`learnflow ${args.join(' ')}: ${said}`)
  return { child, data: Ready.parse(JSON.parse(said)) }
}

/** The API, one progress worker and `exercisers` exercise workers, each a process, on a database of their own. */
async function startProcesses({ kafka, redis, postgres }: SharedEngines, exercisers: number) {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-processes-'))
  stack.defer(async () => rm(folder, { recursive: true, force: true }))
  const database = await freshDatabase(postgres)
  const env = {
    LEARNFLOW_DRIVERS: 'dapr',
    LEARNFLOW_DATA_DIR: join(folder, 'data'),
    LEARNFLOW_KAFKA_BROKERS: kafka.join(','),
    LEARNFLOW_REDIS_NODES: redis.join(','),
    LEARNFLOW_POSTGRES_URL: database,
    LEARNFLOW_LEASE_SECONDS: '2',
    LEARNFLOW_LOG_LEVEL: 'warn',
    LEARNFLOW_SANDBOX_PROCESSES: '1',
  }
  const subscription = await readFile(join(daprResources, 'subscriptions', 'learning-events.yaml'), 'utf8')
  const role = async (appId: string, args: readonly string[]) => {
    const [appPort = 0] = await freePorts(1)
    const sidecar = stack.use(
      await ownSidecar({ appId, appPort, kafka, redis, names: join(folder, 'names.db'), resources: subscription }),
    )
    const { child, data } = await start(
      args,
      { ...env, LEARNFLOW_DAPR_APP_PORT: String(appPort), LEARNFLOW_DAPR_HTTP_PORT: String(sidecar.httpPort) },
      stack,
    )
    // A worker and its sidecar are killed together, as when their machine fails.
    const kill = (): void => {
      for (const process of sidecar.engine.processes.values()) process.signal('SIGKILL')
      child.kill('SIGKILL')
    }
    return { data, kill }
  }
  const api = await role('api', ['api', '--port', '0'])
  const workers = await Promise.all(
    Array.from({ length: exercisers }, async () => role('exercise', ['worker', 'exercise'])),
  )
  await role('progress', ['worker', 'progress'])
  const client = async (student: string) => {
    const { stdout: token } = await execa(process.execPath, [program, 'token', '--student', student], { env })
    return apiClient({ url: api.data.url ?? '', token: token.trim() })
  }
  const owned = stack.move()
  return { database, client, workers, [Symbol.asyncDispose]: async () => owned.disposeAsync() }
}

onEngines(engines => {
  test('each submission is graded once and mastery moves, though a worker and its sidecar are killed in the middle', async () => {
    await using platform = await startProcesses(engines, 2)
    const names = Array.from({ length: students }, (_, nr) => `student-${randomUUID().slice(0, 8)}-${nr}`)
    const clients = await Promise.all(names.map(platform.client))
    const accepted = await Promise.all(
      clients.map(async client => {
        const ids: string[] = []
        for (let nr = 0; nr < each; nr += 1)
          ids.push((await client.submit('square', 'def square(n):\n    return n * n\n', randomUUID())).request_id)
        return ids
      }),
    )
    platform.workers[0]?.kill()
    const ended = await Promise.all(
      clients.map(async (client, at) => Promise.all((accepted[at] ?? []).map(async id => client.ended(id, 120_000)))),
    )
    expect(ended.flat().map(request => request.status)).toEqual(Array.from({ length: students * each }, () => 'done'))
    const database = new Client({ connectionString: platform.database })
    await database.connect()
    const { rows } = await database.query<{ grades: string; submissions: string }>(
      'select count(*) as grades, count(distinct submission_id) as submissions from grade',
    )
    await database.end()
    expect(rows).toEqual([{ grades: String(students * each), submissions: String(students * each) }])
    for (const [at, client] of clients.entries())
      await expect
        .poll(async () => (await client.mastery(names[at] ?? '')).modules.some(module => module.mastery > 0))
        .toBe(true)
  })
})
