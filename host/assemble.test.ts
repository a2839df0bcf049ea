import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Config, readConfig } from '../platform/config.ts'
import { dataPaths, readSecret, takeDataFolder } from '../platform/owner/data-folder.ts'
import { makeMigratedFolder } from '../platform/drivers/embedded/test-engine.ts'
import { openEndpoint } from '../platform/drivers/openai/test-endpoint.ts'
import { signToken } from '../api/tokens.ts'
import { bankFolder } from '../tutor/exercise/bank.ts'
import { type Platform, startPlatform } from './assemble.ts'

const right = 'def square(n):\n    return n * n\n'
const soon = { interval: 50 }

/** A platform on a folder, with the folder's lock and a client of its API. */
async function start(folder: string, flags: Partial<Config> = {}) {
  const stack = new AsyncDisposableStack()
  const data = stack.use(await takeDataFolder(folder))
  const config = readConfig(
    {
      LEARNFLOW_HTTP_PORT: 0,
      LEARNFLOW_DATA_DIR: folder,
      LEARNFLOW_LOG_LEVEL: 'silent',
      LEARNFLOW_SANDBOX_PROCESSES: 1,
      ...flags,
    },
    {},
    folder,
  )
  const platform: Platform = stack.use(
    await startPlatform(config, data, { version: '0.0.0', onBroken: error => expect.fail(error.message) }),
  )
  const secret = await readSecret(folder)
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    student = 'ann',
  ) => {
    const token = signToken(secret, 'learnflow', { student })
    const reply = await fetch(new URL(path, platform.url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: reply.status, body: (await reply.json()) as ReturnType<typeof JSON.parse> }
  }
  return {
    platform,
    call,
    submit: async (code: string, wait = 25, exercise = 'square', student = 'ann') =>
      call(
        'POST',
        '/api/v1/submissions',
        { exercise_id: exercise, code },
        { 'idempotency-key': crypto.randomUUID(), prefer: `wait=${wait}` },
        student,
      ),
    stop: async () => stack.disposeAsync(),
  }
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-platform-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A data folder as an earlier platform left it, without rows. */
async function migratedFolder(): Promise<string> {
  const folder = await temporaryFolder()
  await makeMigratedFolder(dataPaths(folder).database)
  return folder
}

test('programs are graded, mastery moves, a stop finishes work in hand, a restart keeps everything', async () => {
  const folder = await migratedFolder()
  const first = await start(folder)
  const programs = {
    failed: 'def square(n):\n    return n + n\n',
    error: 'def square(n):\n    return n *\n',
    timed_out: 'def square(n):\n    while True:\n        pass\n',
    passed: right,
  }
  const mastery = async ({ call }: typeof first) =>
    (await call('GET', '/api/v1/agents/progress/mastery/ann')).body.modules
  const history = async ({ call }: typeof first) => (await call('GET', '/api/v1/students/ann/history')).body.submissions
  const status = async ({ call }: typeof first, id: string) => (await call('GET', `/api/v1/requests/${id}`)).body.status
  for (const [verdict, code] of Object.entries(programs)) {
    const { status, body } = await first.submit(code)
    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'done', grade: { verdict } } })
    expect(body.grade.score === 1).toBe(verdict === 'passed')
  }
  await expect.poll(async () => (await mastery(first))[0]?.components.completion, soon).toBeGreaterThan(0)
  const before = { mastery: await mastery(first), history: await history(first) }
  expect(before.history).toHaveLength(4)
  const slow = `import time\nend = time.perf_counter() + 0.2\nwhile time.perf_counter() < end: pass\n${right}`
  const ids = [(await first.submit(slow, 0)).body.request_id, (await first.submit(right, 0)).body.request_id]
  await expect.poll(async () => status(first, ids[0]), { ...soon, interval: 10 }).not.toBe('queued')
  await first.stop()

  const second = await start(folder)
  const { db } = second.platform.ports.history
  const claims = await db
    .selectFrom('inbox')
    .select(['state', 'claims'])
    .where('consumer', '=', 'exercise')
    .orderBy('position')
    .execute()
  // It was done at the first claim, because the platform that stopped finished it.
  expect(claims[4]).toEqual({ state: 'done', claims: 1 })
  for (const id of ids) await expect.poll(async () => status(second, id), soon).toBe('done')
  const [last, slowOne, ...older] = await history(second)
  expect(older).toEqual(before.history)
  expect([slowOne, last]).toMatchObject([
    { attempt: 5, grades: [{ verdict: 'passed' }] },
    { attempt: 6, grades: [{ verdict: 'passed' }] },
  ])
  expect((await mastery(second))[0]?.components.completion).toBe(before.mastery[0].components.completion)
  await second.stop()
})

test('with another bank only its exercises are listed and graded, and the self-check still works', async () => {
  const bank = await temporaryFolder()
  await cp(join(bankFolder, 'square'), join(bank, 'twice'), { recursive: true })
  const file = join(bank, 'twice', 'exercise.yaml')
  await writeFile(file, (await readFile(file, 'utf8')).replace('id: square', 'id: twice'))
  const school = await start(await migratedFolder(), { LEARNFLOW_EXERCISES: bank })
  const listed = (await school.call('GET', '/api/v1/exercises')).body.exercises.map(({ id }: { id: string }) => id)
  expect(listed).toEqual(['twice'])
  expect((await school.submit(right, 25, 'twice')).body.grade).toMatchObject({ verdict: 'passed', score: 1 })
  expect(await school.submit(right, 25, 'square')).toMatchObject({
    status: 404,
    body: { code: 'NOT_FOUND', hint: expect.stringContaining('twice') },
  })
  expect((await school.call('GET', '/api/v1/exercises/square')).status).toBe(404)
  const own = await school.submit(right, 25, 'square', 'synthetic-self-check')
  expect(own.body.grade).toMatchObject({ verdict: 'passed', score: 1 })
  await school.stop()
})

test.for(['missing', 'empty'])(
  'a folder of exercises that is %s keeps the platform from starting, with the next step',
  async name => {
    const [folder, banks] = [await temporaryFolder(), await temporaryFolder()]
    await mkdir(join(banks, 'empty'))
    await expect(start(folder, { LEARNFLOW_EXERCISES: join(banks, name) })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining(join(banks, name)),
      hint: expect.stringContaining('Set LEARNFLOW_EXERCISES to'),
    })
  },
)

test('a platform whose settings name a model has it word hints, and asks nobody without them', async () => {
  const folder = await migratedFolder()
  await using endpoint = await openEndpoint(({ body }) => answerIn(body.messages[1]?.content ?? ''))
  const keyFile = join(folder, 'model-key')
  await writeFile(keyFile, 'sk-123\n')
  const settings = {
    LEARNFLOW_MODEL_URL: endpoint.url,
    LEARNFLOW_MODEL_NAME: 'tiny',
    LEARNFLOW_MODEL_KEY_FILE: keyFile,
  }
  const wrong = { code: 'def square(n):\n    return n + n\n' }
  const path = '/api/v1/exercises/square/hints'
  const first = await start(folder, settings)
  expect((await first.call('GET', '/health/ready')).body).toMatchObject({ model: { name: 'tiny' } })
  expect((await first.call('POST', path, wrong)).body).toMatchObject({ worded_by: 'model' })
  expect(endpoint.received).toMatchObject([{ authorization: 'Bearer sk-123' }])
  await first.stop()
  const without = await start(folder)
  expect((await without.call('GET', '/health/ready')).body).toMatchObject({ model: null })
  expect((await without.call('POST', path, wrong)).body).toMatchObject({ worded_by: null })
  expect(endpoint.received).toHaveLength(1)
  await without.stop()
})

/** What a model that changes nothing says. */
const answerIn = (data: string): string => (JSON.parse(data) as { answer: string }).answer
