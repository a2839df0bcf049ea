import { createServer, type ServerResponse } from 'node:http'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { historyFigure } from '../api/health.ts'
import type { Config } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Ports } from '../platform/open.ts'

/** The ports whose state the health port tells. */
type Told = Pick<Ports, 'history' | 'sandbox' | 'model'>

/** Tells who supervises this process how it is, from before it works until it has ended. */
export interface HealthPort extends AsyncDisposable {
  /** Where it listens; undefined when the settings want none. */
  readonly port: number | undefined
  /** Not ready, and why. */
  waiting(why: string): void
  working(ports: Told): void
  draining(): void
}

type State = { status: 'starting' | 'draining'; why: string } | { status: 'working'; ports: Told }

/**
 * GET /health/live: the process answers. GET /health/ready: 200 while it works and its history answers, else 503 with
 * the reason. GET /metrics: this process in the Prometheus text format. Listens as soon as it resolves.
 * @throws PORT_IN_USE
 */
export async function openHealthPort(config: Config, version: string): Promise<HealthPort> {
  let state: State = { status: 'starting', why: 'it is starting' }
  const set = {
    waiting: (why: string) => void (state = { status: 'starting', why }),
    working: (ports: Told) => void (state = { status: 'working', ports }),
    draining: () => void (state = { status: 'draining', why: 'it finishes what is in hand' }),
  }
  const { LEARNFLOW_HEALTH_PORT: wanted, LEARNFLOW_HTTP_HOST: host } = config
  if (wanted === undefined) return { ...set, port: undefined, [Symbol.asyncDispose]: async () => {} }
  const metrics = gauges()
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    if (path === '/health/live') return sendJson(response, 200, { status: 'live', version })
    if (path === '/health/ready') return sendReady(response, state, version)
    if (path !== '/metrics') return sendJson(response, 404, { status: 'not found' })
    const text = await metrics.text(state)
    response.writeHead(200, { 'content-type': metrics.contentType }).end(text)
  }
  const server = createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?')
    answer(path, response).catch((error: unknown) => sendJson(response, 500, { status: String(error) }))
  })
  await listen(server, wanted, host)
  return {
    ...set,
    port: wanted,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  } catch (cause) {
    throw new PlatformError('PORT_IN_USE', `port ${port} for the health of this process is taken`, {
      hint: 'Set another LEARNFLOW_HEALTH_PORT.',
      cause,
    })
  }
}

async function sendReady(response: ServerResponse, state: State, version: string): Promise<void> {
  if (state.status !== 'working') return sendJson(response, 503, { status: state.status, version, why: state.why })
  const ms = await historyFigure(state.ports)
  const { processes, busy, queued, replaced } = state.ports.sandbox.health()
  sendJson(response, ms === undefined ? 503 : 200, {
    status: ms === undefined ? 'not_ready' : 'ready',
    version,
    history: ms === undefined ? 'no answer' : `${ms.toFixed(1)} ms`,
    sandbox: { processes, busy, queued, replaced },
  })
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`)
}

function gauges() {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const own = { registers: [register] }
  const ready = new Gauge({ ...own, name: 'learnflow_working', help: '1 while this process takes work.' })
  const breaker = new Gauge({
    ...own,
    name: 'learnflow_model_breaker_open',
    help: '1 while this process sends the model nothing, because calls failed.',
  })
  const sandbox = new Gauge({
    ...own,
    name: 'learnflow_sandbox',
    help: 'Interpreter processes, busy ones, those replaced, and runs that wait.',
    labelNames: ['state'],
  })
  return {
    contentType: register.contentType,
    async text(state: State): Promise<string> {
      ready.set(state.status === 'working' ? 1 : 0)
      if (state.status === 'working') {
        const { processes, busy, queued, replaced } = state.ports.sandbox.health()
        for (const [label, value] of Object.entries({ processes, busy, queued, replaced }))
          sandbox.set({ state: label }, value)
        breaker.set(state.ports.model?.breaker() === 'open' ? 1 : 0)
      }
      return register.metrics()
    },
  }
}
