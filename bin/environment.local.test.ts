import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { apiClient } from '../api/client.ts'
import { signToken } from '../api/tokens.ts'
import { freePorts } from '../platform/engines/ports.ts'
import { freshDatabase } from '../platform/engines/test-engines.ts'
import { onEngines } from '../platform/engines/test-local.ts'

const program = join(import.meta.dirname, 'learnflow.ts')
const secret = 'a text of the test that is long enough for HS256'

onEngines(({ kafka, redis, postgres }) => {
  test('processes run by settings of the environment alone, once a job of its own has prepared the engines', async () => {
    await using stack = new AsyncDisposableStack()
    const folder = await mkdtemp(join(tmpdir(), 'learnflow-environment-'))
    stack.defer(async () => rm(folder, { recursive: true, force: true }))
    await writeFile(join(folder, 'secret'), secret)
    const data = join(folder, 'data')
    const env = {
      LEARNFLOW_DRIVERS: 'direct',
      LEARNFLOW_DATA_DIR: data,
      LEARNFLOW_MIGRATE: 'off',
      LEARNFLOW_JWT_SECRET_FILE: join(folder, 'secret'),
      LEARNFLOW_KAFKA_BROKERS: kafka.join(','),
      LEARNFLOW_REDIS_NODES: redis.join(','),
      LEARNFLOW_POSTGRES_URL: await freshDatabase(postgres),
      LEARNFLOW_LOG_LEVEL: 'warn',
      LEARNFLOW_SANDBOX_PROCESSES: '1',
    }
    const [apiHealth = 0, workerHealth = 0] = await freePorts(2)
    const start = (args: readonly string[], healthPort: number) => {
      const child = execa(process.execPath, [program, ...args, '--json'], {
        env: { ...env, LEARNFLOW_HEALTH_PORT: String(healthPort) },
        reject: false,
        cwd: folder,
      })
      stack.defer(async () => {
        child.kill('SIGTERM')
        expect((await child).exitCode).toBe(0)
      })
      return { first: once(createInterface(child.stdout), 'line') }
    }
    const readiness = async (port: number) => {
      const reply = await fetch(`http://127.0.0.1:${port}/health/ready`)
      return { status: reply.status, text: await reply.text() }
    }
    const api = start(['api', '--port', '0'], apiHealth)
    const worker = start(['worker', 'exercise'], workerHealth)
    for (const port of [apiHealth, workerHealth])
      await expect
        .poll(async () => readiness(port).catch(String))
        .toMatchObject({ status: 503, text: expect.stringMatching(/not prepared: \d+ migrations from 0001-spine on/) })

    const migrate = async () => execa(process.execPath, [program, 'migrate', '--json'], { env, cwd: folder })
    const { stdout } = await migrate()
    expect(JSON.parse(stdout)).toMatchObject({ applied: expect.arrayContaining(['0001-spine']) })
    expect(JSON.parse((await migrate()).stdout)).toEqual({ applied: [], topics: [] })

    const [[line], [works]] = await Promise.all([api.first, worker.first])
    expect(JSON.parse(String(works))).toEqual({ agent: 'exercise' })
    for (const port of [apiHealth, workerHealth]) expect(await readiness(port)).toMatchObject({ status: 200 })
    const { url } = JSON.parse(String(line)) as { url: string }
    const client = apiClient({ url, token: signToken(secret, 'learnflow', { student: 'ann' }) })
    const { request_id: id } = await client.submit('square', 'def square(n):\n    return n * n\n', 'once')
    expect(await client.ended(id, 60_000)).toMatchObject({ status: 'done' })
    expect(existsSync(data)).toBe(false)
  })
})
