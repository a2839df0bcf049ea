import { Cluster, type ClusterOptions } from 'ioredis'
import { PlatformError } from '../../errors.ts'
import type { RedisSecurity } from './access.ts'

export interface ClusterPlace {
  /** `host:port` of some nodes; the others are discovered through them. */
  nodes: readonly string[]
  security?: RedisSecurity
  /** The deadline of one command in seconds. */
  seconds: number
  report: (error: unknown, what: string) => void
}

/** A client of a Redis Cluster that goes on trying when a node is lost. */
export function redisCluster(
  { nodes, security = {}, seconds, report }: ClusterPlace,
  options: Pick<ClusterOptions, 'scripts' | 'lazyConnect'> = {},
): Cluster {
  const cluster = new Cluster(
    nodes.map(node => new URL(`redis://${node}`)).map(({ hostname, port }) => ({ host: hostname, port: Number(port) })),
    {
      clusterRetryStrategy: times => Math.min(100 * times, 1_000),
      retryDelayOnFailover: 200,
      retryDelayOnClusterDown: 200,
      maxRedirections: Math.ceil(5 * seconds),
      redisOptions: { connectTimeout: 1_000, commandTimeout: seconds * 1_000, ...security },
      ...options,
    },
  )
  cluster.on('error', error => report(error, 'a connection to Redis was lost'))
  return cluster
}

/** Asks Redis, and waits for the answer for at most so many seconds. @throws DEPENDENCY_DOWN */
export async function askRedis<T>(seconds: number, question: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const down = (cause?: unknown): PlatformError =>
    new PlatformError(
      'DEPENDENCY_DOWN',
      `Redis does not answer: ${cause instanceof Error ? cause.message : `no answer within ${seconds} s`}`,
      {
        hint: 'learnflow status; the redis-cluster skill starts it.',
        cause,
      },
    )
  const timer = setTimeout(() => late.reject(down()), seconds * 1_000)
  try {
    return await Promise.race([question(), late.promise])
  } catch (error) {
    throw error instanceof PlatformError ? error : down(error)
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Has every node begin to write its append-only file anew, without what was deleted. Returns why nodes refused, as
 * those of a service that rewrites by itself do.
 * @throws DEPENDENCY_DOWN also while a node is away, or still writes its file anew
 */
export async function rewriteFiles(place: ClusterPlace): Promise<string[]> {
  const cluster = redisCluster(place, { lazyConnect: true })
  const ask = async <T>(question: () => Promise<T>): Promise<T> => askRedis(place.seconds, question)
  try {
    await ask(async () => cluster.connect())
    const members = String(await ask(async () => cluster.cluster('NODES')))
      .trim()
      .split('\n')
      .filter(isMember)
    const nodes = cluster.nodes('all')
    if (nodes.length < members.length) throw away(members.length - nodes.length)
    const refusals = nodes.map(async node =>
      ask(async () => node.bgrewriteaof()).then(
        () => [],
        (error: unknown) => {
          if (/NOPERM|unknown command/i.test(String(error))) return [String(error)]
          throw error
        },
      ),
    )
    return (await Promise.all(refusals)).flat()
  } finally {
    cluster.disconnect()
  }
}

/**
 * Whether a line of `CLUSTER NODES` is of a node that has data: not one that was replaced and never forgotten, or that is
 * not joined yet. Source: https://redis.io/docs/latest/commands/cluster-nodes/.
 */
const isMember = (line: string): boolean => !/\b(?:noaddr|handshake)\b/.test(line.split(' ')[2] ?? '')

const away = (count: number): PlatformError =>
  new PlatformError('DEPENDENCY_DOWN', `${count} nodes of Redis are away and keep what was deleted in their files`, {
    hint: 'It is tried again every hour; learnflow redis-cluster status names them.',
  })
