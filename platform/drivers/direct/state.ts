import type { Cluster } from 'ioredis'
import * as z from 'zod'
import { PlatformError } from '../../errors.ts'
import type { StateStore } from '../../ports/state-store.ts'
import { stateJson, stateKey } from '../state-input.ts'
import { askRedis, type ClusterPlace, redisCluster } from './cluster.ts'

/**
 * A value is a hash {data, version} as Dapr stores it, with JSON text as a JSON string in `data`, so that both drivers
 * can read each other's entries. Each condition and its write are one script on the node of the key.
 */
const scripts = {
  /** etag: a version, `none` (only when the key is absent), or `any`; ttl in seconds or 0. Returns 0 for a conflict. */
  lfSet: {
    numberOfKeys: 1,
    lua: `local version = redis.call('HGET', KEYS[1], 'version')
if ARGV[2] == 'none' and version then return 0 end
if ARGV[2] ~= 'none' and ARGV[2] ~= 'any' and version ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'data', ARGV[1])
redis.call('HINCRBY', KEYS[1], 'version', 1)
if ARGV[3] == '0' then redis.call('PERSIST', KEYS[1]) else redis.call('EXPIRE', KEYS[1], ARGV[3]) end
return 1`,
  },
  lfDelete: {
    numberOfKeys: 1,
    lua: `local version = redis.call('HGET', KEYS[1], 'version')
if version and ARGV[1] ~= 'any' and version ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
return 1`,
  },
} as const

interface Scripts {
  lfSet(key: string, json: string, etag: string, ttl: string): Promise<number>
  lfDelete(key: string, etag: string): Promise<number>
}

const etagPattern = /^\d{1,19}$/

/** State on a Redis Cluster through ioredis; the deadline of one request includes a failover. */
export function redisState(place: ClusterPlace): StateStore {
  const { seconds } = place
  const cluster = redisCluster(place, { scripts }) as Cluster & Scripts
  const ask = async <T>(question: () => Promise<T>): Promise<T> => askRedis(seconds, question)
  const changed = (key: string) =>
    new PlatformError('CONFLICT', `the state ${key} changed since it was read`, { hint: 'Read it again and repeat.' })
  /** Text that is no version of ours never equals the stored one. */
  const version = (etag: string): string => (etagPattern.test(etag) ? etag : '-')
  return {
    async get<T>(key: string) {
      const name = stateKey(key)
      const [data, etag] = await ask(async () => cluster.hmget(name, 'data', 'version'))
      return typeof data === 'string' && typeof etag === 'string'
        ? { value: JSON.parse(z.string().parse(JSON.parse(data))) as T, etag }
        : undefined
    },
    async set(key, value, { etag, ttlSeconds = 0 } = {}) {
      const [name, json] = [stateKey(key), stateJson(value)]
      const held = etag === undefined ? 'any' : etag === null ? 'none' : version(etag)
      if ((await ask(async () => cluster.lfSet(name, JSON.stringify(json), held, String(ttlSeconds)))) === 0)
        throw changed(key)
    },
    async delete(key, etag) {
      const name = stateKey(key)
      if ((await ask(async () => cluster.lfDelete(name, etag === undefined ? 'any' : version(etag)))) === 0)
        throw changed(key)
    },
    async [Symbol.asyncDispose]() {
      cluster.disconnect()
    },
  }
}
