import { sql } from 'kysely'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { verdicts } from '../schemas/words.ts'
import { wordingOutcomes } from '../agents/wording/calls.ts'
import type { App, Context } from './context.ts'
import { real } from './synthetic.ts'

/** GET /metrics in the Prometheus text format; figures from the history are counted at the scrape. */
export function metricsRoutes(app: App, context: Context): void {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const http = new Histogram({
    name: 'learnflow_http_request_seconds',
    help: 'Time to answer, by route and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [register],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  })
  app.addHook('onResponse', async (request, reply) => {
    http.observe(
      { method: request.method, route: request.routeOptions.url ?? 'unknown', status: reply.statusCode },
      reply.elapsedTime / 1_000,
    )
  })
  const measure = platformGauges(register, context)
  app.get('/metrics', { schema: { hide: true }, config: { open: true } }, async (_request, reply) => {
    await measure()
    return reply.type(register.contentType).send(await register.metrics())
  })
}

/**
 * Gauges of the platform, and the function that updates them. Submissions and grades do not count synthetic students.
 */
function platformGauges(register: Registry, { ports, limitFigures }: Context): () => Promise<void> {
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge({ name: `learnflow_${name}`, help, labelNames, registers: [register] })
  const submissions = gauge('submissions', 'Submissions stored.')
  const grades = gauge('grades', 'Grades stored, by verdict.', ['verdict'])
  const queue = gauge('queue_depth', 'Unfinished requests, by kind.', ['kind'])
  const outbox = gauge('outbox_messages', 'Messages that wait to be published.')
  const historyUp = gauge('history_up', '1 while the history answers.')
  const sandbox = gauge('sandbox', 'Interpreter processes, busy ones, those replaced, and runs that wait.', ['state'])
  const wordings = gauge('model_wordings', 'Answers of this UTC day that a model was to word, by outcome.', ['outcome'])
  const breaker = gauge('model_breaker_open', '1 while this process sends the model nothing, because calls failed.')
  const limited = gauge('request_limit', 'Requests refused as too many, and let through uncounted, since the start.', [
    'what',
  ])
  const counting = gauge('request_limit_up', '1 when the last request could be counted.')
  return async () => {
    const { up, refused, uncounted } = limitFigures()
    counting.set(up ? 1 : 0)
    for (const [what, value] of Object.entries({ refused, uncounted })) limited.set({ what }, value)
    breaker.set(ports.model?.breaker() === 'open' ? 1 : 0)
    const { processes, busy, queued, replaced } = ports.sandbox.health()
    for (const [state, value] of Object.entries({ processes, busy, queued, replaced })) sandbox.set({ state }, value)
    const counts = await count(ports.history.db).catch(() => undefined)
    historyUp.set(counts === undefined ? 0 : 1)
    if (counts === undefined) return
    submissions.set(counts.submissions)
    outbox.set(counts.outbox)
    for (const verdict of verdicts) grades.set({ verdict }, counts.grades.get(verdict) ?? 0)
    for (const outcome of wordingOutcomes) wordings.set({ outcome }, counts.wordings.get(outcome) ?? 0)
    for (const kind of ['submission', 'question']) queue.set({ kind }, counts.open.get(kind) ?? 0)
  }
}

async function count(db: Context['ports']['history']['db']): Promise<{
  submissions: number
  outbox: number
  grades: Map<string, number>
  open: Map<string, number>
  wordings: Map<string, number>
}> {
  const { rows } = await sql<{ what: string; label: string; count: string }>`
    select 'submissions' as what, '' as label, count(*)::text as count from submission where ${real('student_id')}
    union all select 'outbox', '', count(*)::text from outbox
    union all select 'grades', verdict, count(*)::text from grade where ${real('student_id')} group by verdict
    union all select 'wordings', outcome, count(*)::text from model_call where day = (now() at time zone 'utc')::date
    group by outcome
    union all select 'open', kind, count(*)::text from request where status in ('queued', 'working')
    group by kind`.execute(db)
  const of = (what: string): Map<string, number> =>
    new Map(rows.filter(row => row.what === what).map(row => [row.label, Number(row.count)]))
  return {
    submissions: of('submissions').get('') ?? 0,
    outbox: of('outbox').get('') ?? 0,
    grades: of('grades'),
    open: of('open'),
    wordings: of('wordings'),
  }
}
