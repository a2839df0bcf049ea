import { join } from 'node:path'
import { daprdEngine, daprResources } from '../platform/engines/daprd.ts'
import { startEngine, type StartedEngine } from '../platform/engines/engine.ts'
import { freePorts } from '../platform/engines/ports.ts'
import { startChild } from '../platform/engines/program.ts'
import { addressesOf, type Topology } from '../platform/targets/local/layout.ts'
import { temporaryFolder } from '../verify/test-platform.ts'
import { generate, highestSustained } from './generate.ts'
import type { GeneratorJob } from './jobs.ts'
import type { LoadResult } from './open-loop.ts'

const ways = ['dapr', 'direct'] as const
type Way = (typeof ways)[number]

/** State and log as an agent uses them, through its sidecar and directly. */
export interface EngineFigures {
  /** From the start of a daprd until it answers for its components. */
  daprd_start_ms: number
  state: { way: Way; does: 'write' | 'read' | 'replace'; result: LoadResult }[]
  publish: { way: Way; fifty: LoadResult; highest: LoadResult | undefined }[]
}

const statePerSecond = 1_000
/** A fifth of the other rate, because each is two calls. */
const replacePerSecond = 200
const publishPerSecond = 50

/** Loads the engines of a local platform from a separate process with its own sidecar. */
export async function besideEngines(
  folder: string,
  topology: Topology,
  quick: boolean,
  progress: (line: string) => void,
): Promise<EngineFigures> {
  await using stack = new AsyncDisposableStack()
  const begun = performance.now()
  const sidecar = stack.use(await startSidecar(topology))
  const daprd_start_ms = Math.round(performance.now() - begun)
  const load = async (way: Way, does: GeneratorJob['does'], pace: GeneratorJob['pace']): Promise<LoadResult> =>
    generate({ does, pace }, folder, { LEARNFLOW_DRIVERS: way, ...(way === 'dapr' ? sidecar.settings : {}) })
  const seconds = quick ? { seconds: 2, warm_seconds: 1 } : { seconds: 15, warm_seconds: 3 }
  const state: EngineFigures['state'] = []
  for (const way of ways)
    for (const does of ['write', 'read', 'replace'] as const) {
      progress(`state: ${does}, ${way}`)
      state.push({
        way,
        does,
        result: await load(way, does, {
          per_second: does === 'replace' ? replacePerSecond : statePerSecond,
          ...seconds,
        }),
      })
    }
  const publish: EngineFigures['publish'] = []
  for (const way of ways) {
    progress(`publish, ${way}`)
    const fifty = await load(way, 'publish', { per_second: publishPerSecond, ...seconds })
    const highest = quick
      ? undefined
      : await highestSustained(
          publishFirst,
          async pace => load(way, 'publish', { ...pace, seconds: 4, warm_seconds: 2 }),
          progress,
        )
    publish.push({ way, fifty, highest })
  }
  return { daprd_start_ms, state, publish }
}

const publishFirst = 400

/**
 * A daprd for the load generator, with the platform's components. It has no subscription, so nothing is delivered to
 * it.
 */
async function startSidecar({ kafka, redis }: Topology): Promise<StartedEngine & { settings: Record<string, string> }> {
  const home = await temporaryFolder()
  const [http = 0, grpc = 0, internal = 0, metrics = 0, appPort = 0] = await freePorts(5)
  const engine = await daprdEngine({
    folder: home.path,
    name: 'daprd-bench',
    appId: 'bench',
    appPort,
    ports: { http, grpc, internal, metrics },
    resources: ['components', 'resiliency'].map(part => join(daprResources, part)),
    names: join(home.path, 'names.db'),
    kafka: addressesOf(kafka),
    redis: addressesOf(redis),
  })
  const started = await startEngine(engine, startChild)
  return {
    ...started,
    settings: { LEARNFLOW_DAPR_HTTP_PORT: String(http), LEARNFLOW_DAPR_APP_PORT: String(appPort) },
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]()
      await home[Symbol.asyncDispose]()
    },
  }
}
