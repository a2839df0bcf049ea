import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import type { EventLog } from '../../ports/event-log.ts'
import type { Invoker } from '../../ports/invoker.ts'
import type { StateStore } from '../../ports/state-store.ts'
import type { Apps } from '../embedded/invoker.ts'
import { kafkaSecurity } from '../direct/access.ts'
import { openApp } from './app.ts'
import { daprLog } from './event-log.ts'
import { daprInvoker, serveMethods } from './invoker.ts'
import { daprState } from './state.ts'

/**
 * Opens the drivers that use the sidecar of this process, and the app that the sidecar calls; `methods` answer calls
 * from other apps. @throws PORT_IN_USE
 */
export async function openDapr(
  config: Config,
  logger: Pick<Logger, 'warn'>,
  methods: Apps[string],
): Promise<{ log: EventLog; state: StateStore; invoker: Invoker } & AsyncDisposable> {
  const [seconds, httpPort] = [config.LEARNFLOW_DEPENDENCY_SECONDS, config.LEARNFLOW_DAPR_HTTP_PORT]
  const app = await openApp(config.LEARNFLOW_DAPR_APP_PORT)
  serveMethods(app, methods)
  // An app without subscriptions accepts calls immediately.
  if (Object.keys(methods).length > 0) app.ready()
  const log = daprLog({
    httpPort,
    app,
    brokers: config.LEARNFLOW_KAFKA_BROKERS.split(','),
    security: kafkaSecurity(config),
    seconds,
    logger,
  })
  return {
    log,
    state: daprState({ httpPort, seconds }),
    invoker: daprInvoker(httpPort),
    async [Symbol.asyncDispose]() {
      await log[Symbol.asyncDispose]()
      await app[Symbol.asyncDispose]()
    },
  }
}
