import { randomUUID } from 'node:crypto'
import { chmod, cp } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { connect, type Connection, scratch } from '../mcp-server/fixture/client.ts'
import { type Config, readConfig } from '../platform/config.ts'
import { onEngines } from '../platform/engines/test-local.ts'
import { local } from '../platform/targets/local/target.ts'
import { agentNames } from '../schemas/words.ts'
import { openProbe, type Probe } from '../verify/check.ts'
import { root } from '../verify/test-platform.ts'
import { localSupervisor } from '../platform/targets/local/home.ts'
import { hasPlan } from './definition.ts'
import { loadScript, runScript, scriptIds } from './registry.ts'
import { type EntryPointName, expectCheap, openEntryPoints, type EntryPointResult } from './test-entry-points.ts'
import { localCases } from './test-local-cases.ts'

const place = scratch()
const restored = join(place.folder, 'restored')
const right = 'def square(n):\n    return n * n\n'
let config: Config
let mcp: Connection
let doors: ReturnType<typeof openEntryPoints>
let probe: Probe
const made = { request: '', backup: '', quiz: '' }
const cases = localCases({ folder: place.folder, restored, made })
/** Scripts with tests of their own: they stop the platform, delete something, or belong to no platform. */
const apart = [
  'settings/set',
  'dapr-runtime/remove',
  ...['kafka-deploy', 'postgres', 'redis-cluster'].map(skill => `${skill}/remove`),
  'platform-up/down',
  ...['adopt', 'discard', 'expunge'].map(name => `history/${name}`),
  'platform-up/purge',
  'tutoring-agents/scaffold',
  'platform-bench/run',
  'image/build',
  'access/tokens',
  ...['import', 'invite', 'join'].map(name => `rosters/${name}`),
  ...['add-exercise', 'retire-exercise', 'submit'].map(name => `tutoring/${name}`),
]

const through = async (
  id: string,
  name: EntryPointName,
  args: Record<string, unknown> = {},
  dryRun = false,
): Promise<EntryPointResult> => doors[name]({ id, script: await loadScript(id), args, dryRun })
const here = async (id: string, args: Record<string, unknown> = {}) => runScript(id, args, { config })

async function setUp(): Promise<void> {
  vi.stubEnv('XDG_STATE_HOME', place.env.XDG_STATE_HOME)
  vi.stubEnv('LEARNFLOW_SANDBOX_PROCESSES', '1')
  // PostgreSQL may have to run as another user, who must be able to reach its folder.
  await chmod(place.folder, 0o711)
  const settings = { LEARNFLOW_LOCAL_PORTS: 0, LEARNFLOW_LOG_LEVEL: 'info' } as const
  Object.assign(place.env, { HOME: process.env['HOME'], LEARNFLOW_SANDBOX_PROCESSES: '1', LEARNFLOW_LOCAL_PORTS: '0' })
  config = readConfig({ LEARNFLOW_DATA_DIR: place.data, ...settings }, {}, place.folder)
  await runScript('platform-up/up', { target: 'local', port: 0, wait_seconds: 110 }, { config })
  mcp = await connect(place, { command: join(root, 'bin', 'learnflow.ts'), args: ['mcp'] })
  doors = openEntryPoints(config, place.env, mcp)
  await cp(join(root, 'exercises', 'bank', 'square'), join(place.folder, 'square'), { recursive: true })
  probe = await openProbe(place.data, config)
  const client = probe.client({ student: 'ann' })
  made.request = (await client.submit('square', right, 'local')).request_id
  await client.ended(made.request)
  const quiz = await here('tutoring/quiz', { topic: 'for loops', questions: 1, student: 'ann' })
  made.quiz = (quiz.data as { quiz_id: string }).quiz_id
}

async function tearDown(): Promise<void> {
  await mcp?.[Symbol.asyncDispose]()
  await here('platform-up/down', { grace_seconds: 5 })
  place.remove()
}

/** Runs a read-only script as a command and as a file, and a changing one first dry, then twice. */
async function prove(id: string): Promise<void> {
  const { args = () => ({}), changes = false, repeats = false, exit = 0, busy = false, undo } = cases[id] ?? {}
  const script = await loadScript(id)
  if (!hasPlan(script.effect)) {
    const names: EntryPointName[] = ['cli', 'file']
    const said: EntryPointResult[] = []
    // Measurements would disturb each other.
    if (busy) for (const name of names) said.push(await through(id, name, args()))
    else said.push(...(await Promise.all(names.map(async name => through(id, name, args())))))
    for (const one of said) {
      expect(busy ? [0, 1] : [exit], `${id}: ${one.text}`).toContain(one.exit)
      expectCheap(place.folder, id, one)
    }
    if (!busy) expect(new Set(said.map(({ code }) => code)).size, id).toBe(1)
    return
  }
  const dry = await through(id, 'run', args(), true)
  expect(dry, id).toMatchObject({ exit: 0, text: expect.stringMatching(/^dry run, would change \d+: /) })
  expect((dry.plan?.length ?? 0) > 0, `${id}: ${dry.text}`).toBe(changes || repeats)
  const once = await through(id, 'cli', args())
  expect(once.exit, once.text).toBe(0)
  expect(once.text.startsWith('unchanged'), once.text).toBe(!(changes || repeats))
  const again = await through(id, repeats ? 'file' : 'cli', args())
  expect(again.exit, again.text).toBe(0)
  if (!repeats) expect(again.text).toMatch(/^unchanged: /)
  for (const said of [dry, once, again]) expectCheap(place.folder, id, said)
  if (id === 'history/backup') made.backup = ((await here(id)).data as { name: string }).name
  if (undo !== undefined) expect((await here(...undo)).changed).toBeGreaterThan(0)
}

async function gradesOf(students: string) {
  const client = new Client({ connectionString: (await local.settings(config)).LEARNFLOW_POSTGRES_URL })
  await client.connect()
  const { rows } = await client.query(
    'select count(*)::int as grades, count(distinct submission_id)::int as submissions from grade where student_id like $1',
    [`${students}-%`],
  )
  await client.end()
  return rows[0] as unknown
}

const processOf = async (name: string) => localSupervisor(place.data).status(name)

const patient = { timeout: 60_000, interval: 500 }

/** The diagnosis names this trouble first, with its fix. */
async function expectNamed(message: RegExp, hint: string): Promise<void> {
  const wanted = { message: expect.stringMatching(message) as string, hint: expect.stringContaining(hint) as string }
  await vi.waitFor(
    async () => expect(here('incident-triage/diagnose')).resolves.toMatchObject({ failure: wanted }),
    patient,
  )
}

/** The same, and after the fix nothing is wrong. */
async function expectMended(message: RegExp, fix: string): Promise<void> {
  await expectNamed(message, fix)
  const [, skill = '', script = '', name] = /learnflow (\S+) (\S+)(?: (\S+))?$/.exec(fix) ?? []
  await here(`${skill}/${script}`, name === undefined ? {} : { name })
  await vi.waitFor(async () => expect((await here('incident-triage/diagnose')).failure).toBeUndefined(), patient)
}

onEngines(() => {
  beforeAll(setUp)
  afterAll(tearDown)

  test('every script has a case', () => {
    expect([...Object.keys(cases), ...apart.filter(id => scriptIds().includes(id))].toSorted()).toEqual(
      scriptIds().toSorted(),
    )
  })

  test.each(Object.keys(cases))('%s', prove)

  test('what was restored is deleted again, and only that', async () => {
    expect(await through('history/discard', 'cli', { folder: place.data })).toMatchObject({ exit: 3 })
    expect(await through('history/discard', 'cli', { folder: restored })).toMatchObject({
      exit: 0,
      text: `deleted ${restored}`,
    })
    expect(await through('history/discard', 'cli', { folder: restored })).toMatchObject({
      exit: 0,
      text: `unchanged: there is no ${restored}`,
    })
  })

  test('a restart under load, one process at a time, loses nothing and grades nothing twice', async () => {
    await here('tutoring-agents/scale', { name: 'exercise', processes: 2 })
    const students = `synthetic-${randomUUID()}`
    // One student may send 100 requests in a minute.
    const clients = Array.from({ length: 10 }, (_, nr) => probe.client({ student: `${students}-${nr}` }))
    const clientOf = (at: number) => clients[at % clients.length] ?? probe.client({ student: students })
    const over = new AbortController()
    const restarted = here('tutoring-agents/restart').finally(() => over.abort())
    const accepted: string[] = []
    for (; !over.signal.aborted; await sleep(250))
      accepted.push((await clientOf(accepted.length).submit('square', right, randomUUID())).request_id)
    expect((await restarted).data).toMatchObject({ restarted: [...agentNames, 'api'] })
    const states = await Promise.all(accepted.map(async (id, at) => clientOf(at).ended(id, 60_000)))
    expect(states.map(({ status }) => status)).toEqual(accepted.map(() => 'done'))
    expect(await gradesOf(students)).toEqual({ grades: accepted.length, submissions: accepted.length })
    await here('tutoring-agents/rollback', { name: 'exercise' })
  })

  test('each engine or sidecar that is down, and a worker that keeps ending, is named with a fix that works', async () => {
    const supervisor = localSupervisor(place.data)
    await supervisor.stop('kafka-2', 10_000)
    await expectMended(/^1 of 3 Kafka brokers are down/, 'learnflow kafka-deploy deploy')
    await supervisor.stop('redis-2', 10_000)
    await expectNamed(/^1 of 6 Redis nodes are down/, 'learnflow redis-cluster deploy')
    await here('redis-cluster/deploy')
    await here('state-store/rebuild')
    await supervisor.stop('postgres', 10_000)
    await expectMended(/^PostgreSQL is down/, 'learnflow postgres deploy')
    await supervisor.stop('daprd-progress-1', 10_000)
    await expectMended(/^the sidecar of progress-1 is down/, 'learnflow dapr-runtime deploy')
    for (
      let state = await processOf('exercise-1');
      state.status !== 'crash_loop';
      state = await processOf('exercise-1')
    ) {
      if (state.pid !== undefined && state.status === 'running') process.kill(state.pid, 'SIGKILL')
      await sleep(100)
    }
    await expectMended(/^exercise-1 ends again and again/, 'learnflow tutoring-agents deploy exercise')
  })

  test('engines are stopped one by one, then all; a platform that is down says so through every door', async () => {
    for (const id of ['dapr-runtime/remove', 'redis-cluster/remove', 'kafka-deploy/remove', 'postgres/remove']) {
      expect((await through(id, 'run', {}, true)).plan?.length, id).toBeGreaterThan(0)
      expect(await through(id, 'cli')).toMatchObject({ exit: 0, text: expect.not.stringMatching(/^unchanged/) })
      expect(await through(id, 'cli')).toMatchObject({ exit: 0, text: expect.stringMatching(/^unchanged/) })
    }
    expect(await through('platform-up/down', 'cli')).toMatchObject({
      exit: 0,
      text: expect.stringMatching(/^stopped the platform/),
    })
    expect(await through('platform-up/down', 'cli')).toMatchObject({
      exit: 0,
      text: expect.stringMatching(/^unchanged: nothing runs/),
    })
    for (const id of ['incident-triage/diagnose', 'tutoring-agents/status', 'platform-verify/all'])
      for (const door of ['cli', 'file', 'mcp'] as const)
        expect(await through(id, door), id).toMatchObject({ exit: 2, code: 'NOT_RUNNING' })
    await expect(here('incident-triage/diagnose')).resolves.toMatchObject({
      failure: { message: expect.stringContaining('no platform runs'), hint: 'learnflow up --target local' },
    })
  })
})
