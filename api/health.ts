import { relative } from 'node:path'
import { sql } from 'kysely'
import type * as z from 'zod'
import { HealthReady, HealthLive } from '../schemas/api.ts'
import { bankFolder } from '../tutor/exercise/bank.ts'
import type { App, Context } from './context.ts'
import { counted } from '../schemas/counted.ts'

const answerMs = 1_000

/**
 * GET /health/live: the process answers. GET /health/ready: it can work; 503 while it drains or its history does not
 * answer.
 */
export function healthRoutes(app: App, context: Context): void {
  const { ports, bank, version, target } = context
  app.get(
    '/health/live',
    {
      config: { open: true },
      schema: { summary: 'Whether the process answers', tags: ['health'], response: { 200: HealthLive } },
    },
    async () => ({ status: 'live' as const, version }),
  )
  app.get(
    '/health/ready',
    {
      config: { open: true },
      schema: {
        summary: 'Whether the platform can take requests',
        tags: ['health'],
        response: { 200: HealthReady, 503: HealthReady },
      },
    },
    async (_request, reply) => {
      const history = await historyFigure(ports)
      const sandbox = ports.sandbox.health()
      const draining = context.draining()
      const checks = [
        {
          name: 'history',
          ok: history !== undefined,
          measured: history === undefined ? `no answer within ${answerMs} ms` : `${history.toFixed(1)} ms`,
        },
        {
          name: 'sandbox',
          ok: sandbox.processes > 0,
          measured:
            `${counted(sandbox.processes, 'process')}, ${sandbox.busy} busy, ` +
            `${sandbox.queued} queued, ${sandbox.replaced} replaced`,
        },
        { name: 'exercises', ok: bank.faults.length === 0, measured: exercisesFigure(context) },
      ]
      const ready = history !== undefined && !draining
      if (!ready) reply.header('retry-after', '5')
      return reply.code(ready ? 200 : 503).send({
        status: draining ? 'draining' : ready ? 'ready' : 'not_ready',
        version,
        target,
        checks,
        sandbox: sandbox.layers,
        fakes: [],
        model: modelFigure(context),
      })
    },
  )
}

/** The model as it is for this process; each process has a breaker of its own. */
function modelFigure({ ports: { model } }: Context): z.infer<typeof HealthReady>['model'] {
  return model === undefined ? null : { name: model.name, host: model.host, breaker: model.breaker() }
}

/** How many exercises there are, and the place of the first mistake in the bank. */
function exercisesFigure({ bank, config }: Context): string {
  const [fault] = bank.faults
  const unusable =
    fault === undefined
      ? ''
      : `, faulty: ${relative(config.LEARNFLOW_EXERCISES ?? bankFolder, fault.path)}:${fault.line}: ${fault.message}`
  return counted(bank.list().length, 'exercise') + unusable
}

/** Milliseconds that the history took to answer; undefined when it did not answer in time. */
export async function historyFigure({ history }: Pick<Context['ports'], 'history'>): Promise<number | undefined> {
  const start = performance.now()
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(resolve, answerMs, undefined)
  const answer = sql`select 1`.execute(history.db).then(
    () => performance.now() - start,
    () => undefined,
  )
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
