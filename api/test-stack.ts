import { createSigner } from 'fast-jwt'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { type Config, readConfig } from '../platform/config.ts'
import { embeddedLog } from '../platform/drivers/embedded/event-log.ts'
import { inProcessInvoker } from '../platform/drivers/embedded/invoker.ts'
import { embeddedState } from '../platform/drivers/embedded/state.ts'
import { openMigrated } from '../platform/drivers/embedded/test-engine.ts'
import { lazySandbox } from '../platform/drivers/sandbox/lazy.ts'
import { openSandbox } from '../platform/drivers/sandbox/pyodide.ts'
import { sharedSandbox } from '../platform/drivers/sandbox/test-sandbox.ts'
import type { Ports } from '../platform/open.ts'
import type { Model } from '../platform/ports/model.ts'
import type { SharedCounts } from '../platform/ports/shared-counts.ts'
import { topics } from '../schemas/topics.ts'
import type { Role } from '../schemas/words.ts'
import { type ExerciseBank, openBank } from '../tutor/exercise/bank.ts'
import type { AgentName } from '../schemas/words.ts'
import type { AgentDefinition } from '../agents/agent.ts'
import { agentDirectory, loadAgents } from '../agents/agents.ts'
import { withStored } from '../agents/exercise/stored-exercises.ts'
import { startRelay } from '../agents/outbox.ts'
import { invocable } from '../agents/invocation.ts'
import { startWorker } from '../agents/worker.ts'
import { type Api, startApi } from './server.ts'

export const secret = 'a secret of the tests, long enough for HS256'

export interface StackOptions {
  /** Whether workers and relay run; without them everything stays queued. */
  working?: boolean
  /** The apps that answer invocations. */
  apps?: Parameters<typeof inProcessInvoker>[0]
  /** Agents in addition to the built ones. */
  agents?: readonly AgentDefinition[]
  /** Built agents that do not run. */
  removed?: readonly AgentName[]
  /** Changes the real bank for the test, e.g. to a newer version of its exercises. */
  bankFrom?: (bank: ExerciseBank) => ExerciseBank
  settings?: Partial<Config>
  /** How many programs may wait for the one interpreter, which is then one of its own. */
  queueLimit?: number
  /** The model that words answers; by default none. */
  model?: Model
  /** Where requests are counted; by default in memory. */
  counts?: SharedCounts
  logger?: Logger
}

interface Call {
  token?: string | null
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** What the API answered; `body` is its JSON, or null. */
export interface Reply {
  status: number
  headers: Headers
  body: ReturnType<typeof JSON.parse>
}

export interface Stack extends AsyncDisposable {
  url: string
  ports: Ports
  bank: ExerciseBank
  api: Api
  /** A submission that passes: an exercise of kind `function` with its reference as the program. */
  right: { exercise_id: string; code: string }
  call(method: string, path: string, options?: Call): Promise<Reply>
  submit(token: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
}

/** A valid token; `claims` override its defaults. */
export function tokenFor(sub: string, role: Role = 'student', claims: Record<string, unknown> = {}): string {
  const now = Math.floor(Date.now() / 1_000)
  return createSigner({ key: secret, algorithm: 'HS256' })({
    sub,
    role,
    iss: 'learnflow',
    aud: 'learnflow',
    exp: now + 600,
    ...claims,
  })
}

/** The embedded platform in memory, with real engines, workers and HTTP on a free port. */
export async function startStack({
  working = true,
  apps,
  agents = [],
  removed = [],
  bankFrom = bank => bank,
  settings = {},
  queueLimit,
  model,
  counts,
  logger = pino({ level: 'silent' }),
}: StackOptions = {}): Promise<Stack> {
  const stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-stack-'))
  stack.defer(async () => rm(folder, { recursive: true, force: true }))
  const given = { LEARNFLOW_HTTP_PORT: 0, LEARNFLOW_DATA_DIR: folder, LEARNFLOW_REQUESTS_PER_MINUTE: 1_000_000 }
  const config = readConfig({ ...given, ...settings }, {}, '/')
  const runsPerOwner = config.LEARNFLOW_RUNS_PER_PERSON
  const [files, opened] = await Promise.all([openBank(), openMigrated()])
  const built = [...(await loadAgents()), ...agents]
  const directory = agentDirectory(built)
  for (const name of removed) directory.set(name, false)
  const history = stack.use(opened)
  const migration = await history.migrate()
  const bank = bankFrom(stack.use(await withStored(files, { history, logger: pino({ level: 'silent' }) })))
  // Opened on first use, because most test files run no program.
  const sandbox = stack.use(
    lazySandbox(async () =>
      queueLimit === undefined ? sharedSandbox() : openSandbox({ processes: 1, queueLimit, runsPerOwner }),
    ),
  )
  const log = stack.use(embeddedLog(history, pino({ level: 'silent' })))
  for (const topic of topics) await log.createTopic(topic)
  const ports: Ports = {
    log,
    history,
    sandbox,
    migration,
    state: embeddedState(history),
    invoker: inProcessInvoker(apps ?? invocable(built, directory)),
    model,
    counts,
    logger,
    [Symbol.asyncDispose]: async () => {},
  }
  const relay = working ? stack.use(startRelay(ports, 'relay', 10)) : undefined
  const notify = (): void => relay?.notify()
  if (working)
    for (const agent of built.filter(({ name }) => directory.runs(name)))
      stack.use(await startWorker(agent, { ...ports, bank, agents: directory }, { leaseSeconds: 10, notify }))
  const api = stack.use(
    await startApi({ ports, bank, config, secret, agents: directory, notify, version: '0.0.0', target: 'embedded' }),
  )
  const task = bank.list().find(one => one.kind === 'function')
  if (task === undefined) throw new Error('the bank has no exercise of kind function')
  const right = { exercise_id: task.id, code: bank.get(task.id).reference }
  const call = caller(api.url)
  return {
    url: api.url,
    api,
    ports,
    bank,
    right,
    call,
    submit: async (token, body = right, headers = {}) =>
      call('POST', '/api/v1/submissions', { token, body, headers: { 'idempotency-key': randomUUID(), ...headers } }),
    [Symbol.asyncDispose]: async () => stack.disposeAsync(),
  }
}

function caller(url: string): Stack['call'] {
  return async (method, path, { token, body, headers = {}, signal } = {}) => {
    const json = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const reply = await fetch(new URL(path, url), {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined || token === null ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...json,
      ...(signal === undefined ? {} : { signal }),
    })
    const text = await reply.text()
    return {
      status: reply.status,
      headers: reply.headers,
      body: reply.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
    }
  }
}
