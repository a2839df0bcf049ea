import { randomUUID } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { Client } from 'pg'
import { daprdEngine, daprResources } from './daprd.ts'
import { startEngine, type StartedEngine } from './engine.ts'
import { kafkaEngine } from './kafka.ts'
import { freePorts } from './ports.ts'
import { postgresEngine, postgresUrl } from './postgres.ts'
import { startChild } from './program.ts'
import { redisEngine } from './redis.ts'

/** An engine for one test in a temporary folder, which is deleted with it. */
interface TestEngine extends AsyncDisposable {
  engine: StartedEngine
  /** The files of it that hold a text. */
  filesWith(text: string): Promise<string[]>
  /** Where clients connect: addresses, or one URL. */
  addresses: string[]
  /** Kills all its processes, like a power failure. */
  kill(): Promise<void>
}

async function own(
  name: string,
  start: (folder: string) => Promise<{ engine: StartedEngine; addresses: string[] }>,
): Promise<TestEngine> {
  const folder = await mkdtemp(join(tmpdir(), `learnflow-${name}-`))
  // PostgreSQL may have to run as another user.
  await chmod(folder, 0o711)
  try {
    const { engine, addresses } = await start(folder)
    return {
      engine,
      filesWith: async text => filesWith(text, folder),
      addresses,
      kill: async () => void (await Promise.all([...engine.processes.values()].map(async process => process.stop(0)))),
      async [Symbol.asyncDispose]() {
        await engine[Symbol.asyncDispose]()
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function filesWith(text: string, folder: string): Promise<string[]> {
  const { stdout } = await execa('grep', ['-rl', '--binary-files=text', text, folder], { reject: false })
  return stdout.split('\n').filter(name => name !== '')
}

async function pairs(count: number): Promise<[number, number][]> {
  const ports = await freePorts(2 * count)
  return Array.from({ length: count }, (_, at) => [ports[2 * at] ?? 0, ports[2 * at + 1] ?? 0])
}

/** `others`: settings of its brokers beside ours. */
export const ownKafka = async (others: Readonly<Record<string, string>> = {}): Promise<TestEngine> =>
  own('kafka', async folder => {
    const nodes = (await pairs(3)).map(([port, controllerPort]) => ({ port, controllerPort }))
    const engine = await startEngine(await kafkaEngine({ folder, nodes, others }), startChild)
    return { engine, addresses: nodes.map(({ port }) => `127.0.0.1:${port}`) }
  })

/** Three masters, each with a replica unless `replicas` is 0. */
export const ownRedis = async (replicas: 0 | 1): Promise<TestEngine> =>
  own('redis', async folder => {
    const nodes = (await pairs(3 + 3 * replicas)).map(([port, busPort]) => ({ port, busPort }))
    const engine = await startEngine(await redisEngine({ folder, nodes, replicas }), startChild)
    return { engine, addresses: nodes.map(({ port }) => `127.0.0.1:${port}`) }
  })

export const ownPostgres = async (): Promise<TestEngine> =>
  own('postgres', async folder => {
    const [port = 0] = await freePorts(1)
    const place = { folder, port, password: 'only for this test' }
    const engine = await startEngine(await postgresEngine(place), startChild)
    return { engine, addresses: [postgresUrl(place)] }
  })

/** A new database on that server. */
export async function freshDatabase(server: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const client = new Client({ connectionString: server })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return Object.assign(new URL(server), { pathname: `/${name}` }).href
}

interface TestSidecar extends AsyncDisposable {
  engine: StartedEngine
  httpPort: number
}

export interface SidecarOptions {
  appId: string
  appPort: number
  kafka: readonly string[]
  redis: readonly string[]
  /** The names file that sidecars share to call each other. */
  names?: string
  /** YAML of further resources, such as a subscription. */
  resources?: string
}

/** A sidecar with the components and policies of this repository. */
export async function ownSidecar({ names, resources, ...options }: SidecarOptions): Promise<TestSidecar> {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-daprd-'))
  const [http = 0, grpc = 0, internal = 0, metrics = 0] = await freePorts(4)
  const extra = join(folder, 'resources')
  await mkdir(extra)
  if (resources !== undefined) await writeFile(join(extra, 'test.yaml'), resources)
  const place = {
    ...options,
    folder,
    name: `daprd-${options.appId}`,
    ports: { http, grpc, internal, metrics },
    names: names ?? join(folder, 'names.db'),
    resources: [join(daprResources, 'components'), join(daprResources, 'resiliency'), extra],
  }
  try {
    const engine = await startEngine(await daprdEngine(place), startChild)
    return {
      engine,
      httpPort: http,
      async [Symbol.asyncDispose]() {
        await engine[Symbol.asyncDispose]()
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}
