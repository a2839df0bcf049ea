import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { Redis } from 'ioredis'
import { PlatformError } from '../errors.ts'
import type { Engine } from './engine.ts'
import { findProgram } from './find.ts'
import { type EngineProgram, untilReady } from './program.ts'

export interface RedisOptions {
  folder: string
  /** Masters first; per node the port for clients and the port for the cluster bus. At least three nodes. */
  nodes: readonly { port: number; busPort: number }[]
  /** Replicas of each master: 1 makes three masters of six nodes. */
  replicas: 0 | 1
}

const nodeTimeoutMs = 3_000
/** How long a node may take to tell its settings, in ms. */
const askMs = 1_000

/**
 * A Redis Cluster on loopback. It counts as settled only when replicas have copied their master, because a master that
 * dies earlier is not failed over.
 */
export async function redisEngine({ folder, nodes, replicas }: RedisOptions): Promise<Engine> {
  const [server, cli] = await Promise.all([findProgram('redis-server'), findProgram('redis-cli')])
  if (server === undefined || cli === undefined)
    throw new PlatformError('NOT_RUNNING', 'Redis is not installed', { hint: 'apt-get install -y redis-server' })
  const ask = async (port: number, ...args: string[]): Promise<string> =>
    (await execa(cli, ['-h', '127.0.0.1', '-p', String(port), ...args])).stdout
  return {
    name: 'redis',
    ports: Object.fromEntries(
      nodes.flatMap(({ port, busPort }, at) => [
        [nodeName(at), port] as const,
        [`${nodeName(at)} bus`, busPort] as const,
      ]),
    ),
    programs: nodes.map((_, at): EngineProgram => {
      const home = join(folder, nodeName(at))
      return { name: nodeName(at), command: server, args: [join(home, 'redis.conf')], folder: home }
    }),
    damaged: async () => (await deviationsOf(nodes.map(({ port }) => port))).map(({ at }) => nodeName(at)),
    async prepare() {
      for (const [at, node] of nodes.entries()) {
        const home = join(folder, nodeName(at))
        await mkdir(home, { recursive: true })
        await writeFile(join(home, 'redis.conf'), settings(node))
      }
    },
    async settle(processes) {
      await untilReady('redis', processes, 20, async () =>
        (await Promise.all(nodes.map(async ({ port }) => ask(port, 'ping')))).every(answer => answer === 'PONG'),
      )
      const known = /cluster_known_nodes:(\d+)/.exec(await ask(nodes[0]?.port ?? 0, 'cluster', 'info'))?.[1]
      if (known === '1') {
        const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`)
        await execa(cli, ['--cluster', 'create', ...addresses, '--cluster-replicas', String(replicas), '--cluster-yes'])
      }
      await untilReady('redis', processes, 30, async () =>
        (await Promise.all(nodes.map(async ({ port }) => isSettled(ask, port)))).every(Boolean),
      )
    },
  }
}

/** How the settings of a node that runs differ from those it is started with. */
export interface Deviation {
  /** Its place among the nodes, from 0. */
  at: number
  what: 'password' | 'memory'
  /** The limit in bytes, for `memory`. */
  limit?: number
}

/** The nodes whose settings somebody has changed while they run; those that do not answer are left out. */
export async function deviationsOf(ports: readonly number[]): Promise<Deviation[]> {
  const all = await Promise.all(ports.map(async (port, at) => deviationOf(port, at)))
  return all.filter(deviation => deviation !== undefined)
}

async function deviationOf(port: number, at: number): Promise<Deviation | undefined> {
  const node = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    connectTimeout: askMs,
    commandTimeout: askMs,
    enableReadyCheck: false,
    retryStrategy: () => null,
  })
  // What closes the connection is told here; the request then fails only with the fact that it is closed.
  const said: string[] = []
  node.on('error', (error: Error) => void said.push(error.message))
  try {
    await node.connect()
    const [, value = '0'] = await node.config('GET', 'maxmemory')
    return value === '0' ? undefined : { at, what: 'memory', limit: Number(value) }
  } catch (error) {
    // https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
    const words = [...said, String(error)].join()
    return /NOAUTH|WRONGPASS/.test(words) ? { at, what: 'password' } : undefined
  } finally {
    node.disconnect()
  }
}

const nodeName = (at: number): string => `redis-${at + 1}`

const settings = ({ port, busPort }: RedisOptions['nodes'][number]): string => `bind 127.0.0.1
port ${port}
cluster-enabled yes
cluster-port ${busPort}
cluster-announce-ip 127.0.0.1
cluster-config-file nodes.conf
cluster-node-timeout ${nodeTimeoutMs}
repl-diskless-sync-delay 0
appendonly yes
dir .
`

/** Whether this node sees all slots served, and is a master or has copied one. */
async function isSettled(ask: (port: number, ...args: string[]) => Promise<string>, port: number): Promise<boolean> {
  const cluster = await ask(port, 'cluster', 'info')
  const replication = await ask(port, 'info', 'replication')
  return (
    /cluster_state:ok/.test(cluster) &&
    /cluster_slots_ok:16384/.test(cluster) &&
    /role:master|master_link_status:up/.test(replication)
  )
}
