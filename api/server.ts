import { setTimeout as sleep } from 'node:timers/promises'
import { fastify, type FastifyError, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { traceIdOf, traceparentOf } from '../schemas/cloud-event.ts'
import { PlatformError } from '../platform/errors.ts'
import { assignmentRoutes } from './assignments.ts'
import { requireToken } from './auth.ts'
import { authorRoutes } from './authors.ts'
import type { ApiDeps, App, Context } from './context.ts'
import { classRoutes } from './classes.ts'
import { commentRoutes } from './comments.ts'
import { conversationRoutes } from './conversations.ts'
import { describeRoutes } from './describe.ts'
import { exerciseRoutes } from './exercises.ts'
import { healthRoutes } from './health.ts'
import { hintRoutes } from './hints.ts'
import { metricsRoutes } from './metrics.ts'
import { answerUnknownRoutes } from './not-found.ts'
import { onError, problem, problemOf, sendProblem } from './problems.ts'
import { readJson, refuseBadText } from './text.ts'
import { notificationRoutes } from './notifications.ts'
import { quizRoutes } from './quizzes.ts'
import { requestLimit } from './request-limit.ts'
import { requestRoutes } from './requests.ts'
import { rosterRoutes } from './rosters.ts'
import { sandboxRoutes } from './sandbox.ts'
import { staffRecorder } from './staff.ts'
import { studentRoutes } from './students.ts'
import { submissionRoutes } from './submissions.ts'
import { triageRoutes } from './triage.ts'
import { startWatcher } from './watch.ts'
import { wishRoutes } from './wishes.ts'
import { serveTheWeb, withEtags } from './web.ts'

export type { ApiDeps } from './context.ts'

/** The listening tutoring API. Disposing closes it: calls in progress are answered, waiting calls and streams end. */
export interface Api extends AsyncDisposable {
  url: string
  /** Makes /health/ready answer 503, so that gateways send no more requests. */
  beginDrain(): void
  /**
   * To be called when this process has stored something, so that waiting calls look at once; otherwise they look every
   * 100 ms.
   */
  notify(): void
}

/** A program and its input, of 65,536 characters each, fit also when each is written as a JSON escape of six bytes. */
const bodyLimit = 1_024 * 1_024
/** Connections that may wait to be accepted when a whole course sends at once; the kernel may allow fewer. */
const backlog = 4_096
/** The longest time for answering calls in progress when the server closes; a run takes at most 30 s. */
const closeMs = 35_000
const groups = [
  metricsRoutes,
  healthRoutes,
  submissionRoutes,
  commentRoutes,
  requestRoutes,
  authorRoutes,
  wishRoutes,
  hintRoutes,
  triageRoutes,
  conversationRoutes,
  sandboxRoutes,
  studentRoutes,
  classRoutes,
  assignmentRoutes,
  notificationRoutes,
  quizRoutes,
  rosterRoutes,
]

/** The server with every route, not listening. Ports are used only when a request comes. */
export async function buildApi(deps: ApiDeps): Promise<App> {
  return (await assemble(deps)).app
}

/**
 * Builds the server and listens where the settings say.
 * @throws PORT_IN_USE
 */
export async function startApi(deps: ApiDeps): Promise<Api> {
  const { app, context, drain, close } = await assemble(deps)
  const { LEARNFLOW_HTTP_HOST: host, LEARNFLOW_HTTP_PORT: port } = deps.config
  try {
    const url = await app.listen({ host, port, backlog })
    return { url, beginDrain: drain, notify: context.watcher.notify, [Symbol.asyncDispose]: close }
  } catch (cause) {
    await close()
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause
    throw new PlatformError('PORT_IN_USE', `port ${port} of ${host} is taken by another program`, {
      hint: 'Choose another with --port N, or --port 0 for any free one.',
      cause,
    })
  }
}

const isStopping = (): PlatformError =>
  new PlatformError('NOT_RUNNING', 'the platform is stopping', { hint: 'Send it again in a moment.' })

async function assemble(
  deps: ApiDeps,
): Promise<{ app: App; context: Context; drain: () => void; close: () => Promise<void> }> {
  const closing = new AbortController()
  let draining = false
  const watcher = startWatcher(() => deps.ports.history, deps.ports.logger)
  const app = newServer(deps)
  const limit = await requestLimit(app, deps)
  const context: Context = {
    ...deps,
    watcher,
    limitFigures: limit.figures,
    closing: closing.signal,
    draining: () => draining,
  }
  const close = closer(app)
  // Answers quote programs: no browser may take one for anything but what it is sent as.
  app.addHook('onSend', async (_request, reply) => void reply.header('x-content-type-options', 'nosniff'))
  // While draining, makes clients reconnect, so that their next request reaches another process.
  app.addHook('onSend', async (_request, reply) => void (draining && reply.header('connection', 'close')))
  app.addHook('preClose', async () => closing.abort(isStopping()))
  app.addHook('onClose', async () => watcher[Symbol.asyncDispose]())
  await serveTheWeb(app, deps.config)
  answerUnknownRoutes(app)
  requireToken(app, deps, { counted: limit.count, noted: staffRecorder(() => deps.ports.history) })
  readJson(app)
  refuseBadText(app)
  await describeRoutes(app, deps.version)
  for (const group of groups) group(app, context)
  await withEtags(app, scope => exerciseRoutes(scope, context))
  await app.ready()
  return { app, context, drain: () => void (draining = true), close }
}

/**
 * Answers the calls in progress, then cuts every connection, because a connection without a request would keep the
 * server open for over a minute.
 */
function closer(app: App): () => Promise<void> {
  const inHand = new Set<unknown>()
  app.addHook(
    'onRequest',
    async (_request, { raw }) => void (inHand.add(raw), raw.once('close', () => inHand.delete(raw))),
  )
  return async () => {
    const closed = app.close()
    for (const until = performance.now() + closeMs; inHand.size > 0 && performance.now() < until;) await sleep(10)
    app.server.closeAllConnections()
    await closed
  }
}

function newServer({ ports }: ApiDeps): App {
  const app = fastify({
    loggerInstance: ports.logger,
    // The id of an HTTP request is its trace, either the caller's or a new one.
    genReqId: ({ headers }) => traceparentOf([headers['traceparent']].flat()[0]),
    childLoggerFactory: (logger, { reqId }, options) => logger.child({ trace_id: traceIdOf(String(reqId)) }, options),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    requestTimeout: 30_000,
    return503OnClosing: false,
    // An id of 255 characters has up to 12 bytes each once it is percent-encoded.
    routerOptions: { maxParamLength: 255 * 12 },
    frameworkErrors: (error: FastifyError, _request, reply) => void sendProblem(reply, problemOf(error)),
    clientErrorHandler: (error, socket) => {
      const details = JSON.stringify(
        problem(
          'INVALID_INPUT',
          `this is not HTTP we understand (${error.code})`,
          'See /openapi.json for every route.',
        ),
      )
      if (socket.writable)
        socket.end(
          'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/problem+json\r\n' +
            `Content-Length: ${Buffer.byteLength(details)}\r\n\r\n${details}`,
        )
    },
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(onError)
  return app
}
