import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../errors.ts'
import type { Engine } from './engine.ts'
import { daprdInstall, findProgram } from './find.ts'
import { untilReady } from './program.ts'

export interface DaprdOptions {
  folder: string
  /** The name of this process. */
  name: string
  /** The name under which others call its app, and its consumer group. */
  appId: string
  /**
   * The port of the app. The sidecar requests `/health` every second, delivers nothing until it answers, and stops
   * delivering after five failures.
   */
  appPort: number
  ports: { http: number; grpc: number; internal: number; metrics: number }
  /** Folders of components, subscriptions and policies. */
  resources: readonly string[]
  /** The file through which all sidecars of this machine find each other. */
  names: string
  kafka: readonly string[]
  redis: readonly string[]
}

const host = '127.0.0.1'

/** The Dapr resources of this repository, which every target uses. */
export const daprResources = join(import.meta.dirname, '..', '..', 'manifests', 'dapr')

/** One sidecar for one app. It exits when Kafka or Redis is not running at its start. */
export async function daprdEngine(options: DaprdOptions): Promise<Engine> {
  const daprd = await findProgram('daprd')
  if (daprd === undefined)
    throw new PlatformError('NOT_RUNNING', 'daprd is not installed', {
      hint: `${daprdInstall()}; or do without: LEARNFLOW_DRIVERS=direct learnflow up --target local`,
    })
  const { folder, name, ports, kafka, redis } = options
  const config = join(folder, `${name}.yaml`)
  const env = { DAPR_HOST_IP: host, LEARNFLOW_KAFKA_BROKERS: kafka.join(','), LEARNFLOW_REDIS_NODES: redis.join(',') }
  return {
    name,
    ports: Object.fromEntries(Object.entries(ports).map(([use, port]) => [`${name} ${use}`, port])),
    programs: [{ name, command: daprd, args: argumentsOf(options, config), folder, env, persistent: true }],
    async prepare() {
      await mkdir(folder, { recursive: true })
      await writeFile(config, configuration(options.names))
    },
    settle: async processes =>
      untilReady(
        name,
        processes,
        30,
        async () =>
          (await fetch(`http://${host}:${ports.http}/v1.0/healthz/outbound`, { signal: AbortSignal.timeout(2_000) }))
            .ok,
      ),
  }
}

function argumentsOf({ appId, appPort, ports, resources }: DaprdOptions, config: string): string[] {
  const flags = {
    'app-id': appId,
    'app-port': appPort,
    'app-channel-address': host,
    mode: 'standalone',
    'dapr-http-port': ports.http,
    'dapr-grpc-port': ports.grpc,
    'dapr-internal-grpc-port': ports.internal,
    'metrics-port': ports.metrics,
    'dapr-listen-addresses': host,
    'app-health-check-path': '/health',
    'app-health-probe-interval': 1,
    'app-health-probe-timeout': 1_000,
    // A low threshold would close the subscription after one late answer of a busy agent, and daprd may fail to reopen
    // it; until then it retries.
    'app-health-threshold': 5,
    'dapr-graceful-shutdown-seconds': 10,
    config,
    'log-level': 'warn',
  }
  return [
    '--enable-app-health-check',
    ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]),
    ...resources.flatMap(folder => ['--resources-path', folder]),
  ]
}

/** Names are resolved through a file, because multicast DNS does not work everywhere. */
const configuration = (names: string): string => `apiVersion: dapr.io/v1alpha1
kind: Configuration
metadata:
  name: learnflow
spec:
  nameResolution:
    component: sqlite
    version: v1
    configuration:
      connectionString: ${JSON.stringify(names)}
`
