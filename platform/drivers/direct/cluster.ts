import { Cluster, type ClusterOptions } from 'ioredis'
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
