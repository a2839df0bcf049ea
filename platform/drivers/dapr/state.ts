import * as z from 'zod'
import { PlatformError } from '../../errors.ts'
import type { StateStore, Versioned } from '../../ports/state-store.ts'
import { stateJson, stateKey } from '../state-input.ts'
import { type SidecarResponse, json, openSidecar, refused } from './sidecar.ts'

export interface DaprStateOptions {
  httpPort: number
  /** The deadline of one request. */
  seconds: number
}

const component = 'state'
/**
 * A version that no entry has, so the write succeeds only when the key is absent. Dapr's own `first-write` would lock
 * the key for writes without a version.
 */
const noVersion = '2147483647'

/** Dapr refuses `||` in keys; percent signs are escaped too, so that no two keys collide. */
const named = (key: string): string => stateKey(key).replaceAll('%', '%25').replaceAll('|', '%7C')

/**
 * State through the Dapr sidecar. Values are sent as JSON text, because Dapr on Redis would round numbers to six
 * digits. Dapr on Redis also writes a value with a version when the key is absent, and reports every failure of such a
 * write as a conflict, so the value is read before the write and again when a conflict is reported. A deletion between
 * that read and the write is not noticed: the value then exists again, until a rebuild from the history corrects it.
 */
export function daprState({ httpPort, seconds }: DaprStateOptions): StateStore {
  const sidecar = openSidecar(httpPort)
  const timeoutMs = seconds * 1_000
  const place = (name: string): string => `/v1.0/state/${component}/${encodeURIComponent(name)}`
  const changed = (key: string) =>
    new PlatformError('CONFLICT', `the state ${key} changed since it was read`, { hint: 'Read it again and repeat.' })
  const get = async <T>(key: string): Promise<Versioned<T> | undefined> => {
    const answer = await sidecar.request(place(named(key)), {}, timeoutMs)
    if (answer.status === 204) return undefined
    if (!answer.ok) throw refused(`the state ${key}`, answer)
    return { value: JSON.parse(z.string().parse(JSON.parse(answer.text))) as T, etag: answer.headers.etag ?? '' }
  }
  /** Decides whether a reported conflict really is one. */
  const explained = async (key: string, expected: string | null, answer: SidecarResponse): Promise<PlatformError> => {
    const stored = (await get(key))?.etag ?? null
    return stored === expected ? refused(`the state ${key}`, answer) : changed(key)
  }
  return {
    get,
    async set(key, value, { etag, ttlSeconds } = {}) {
      const [name, text] = [named(key), stateJson(value)]
      if (typeof etag === 'string' && (await get(key))?.etag !== etag) throw changed(key)
      const condition = etag === undefined ? {} : { etag: etag ?? noVersion }
      // Without a time to live, one that was set before is removed.
      const metadata = { ttlInSeconds: String(ttlSeconds ?? -1) }
      const answer = await sidecar.request(
        `/v1.0/state/${component}`,
        json([{ key: name, value: text, ...condition, metadata }]),
        timeoutMs,
      )
      if (answer.status === 409 && etag !== undefined) throw await explained(key, etag, answer)
      if (!answer.ok) throw refused(`the state ${key}`, answer)
    },
    async delete(key, etag) {
      const name = named(key)
      if (etag !== undefined) {
        const stored = await get(key)
        if (stored === undefined) return
        if (stored.etag !== etag) throw changed(key)
      }
      const answer = await sidecar.request(
        place(name),
        { method: 'DELETE', headers: etag === undefined ? {} : { 'if-match': etag } },
        timeoutMs,
      )
      if (answer.status === 409 && etag !== undefined) throw await explained(key, etag, answer)
      if (!answer.ok) throw refused(`the state ${key}`, answer)
    },
    async [Symbol.asyncDispose]() {},
  }
}
