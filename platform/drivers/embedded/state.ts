import { sql } from 'kysely'
import { PlatformError } from '../../errors.ts'
import type { History } from '../../ports/history.ts'
import type { StateStore } from '../../ports/state-store.ts'
import { stateJson, stateKey } from '../state-input.ts'

const live = sql<boolean>`(expires_at is null or expires_at > now())`

/**
 * State in a table of the embedded database; an expired entry counts as absent. It is closed with the history that it
 * uses.
 */
export function embeddedState(history: History): StateStore {
  const changed = (key: string) =>
    new PlatformError('CONFLICT', `the state ${key} changed since it was read`, { hint: 'Read it again and repeat.' })
  return {
    async get<T>(key: string) {
      const row = await history.db
        .selectFrom('state_entry')
        .select(['value', 'etag'])
        .where('key', '=', stateKey(key))
        .where(live)
        .executeTakeFirst()
      return row === undefined ? undefined : { value: row.value as T, etag: String(row.etag) }
    },
    async set(key, value, { etag, ttlSeconds } = {}) {
      const expires =
        ttlSeconds === undefined ? sql<null>`null` : sql<Date>`(now() + make_interval(secs => ${ttlSeconds}))`
      const held =
        etag === undefined
          ? sql`true`
          : etag === null
            ? sql`state_entry.expires_at <= now()`
            : sql`state_entry.etag::text = ${etag}
                and (state_entry.expires_at is null or state_entry.expires_at > now())`
      const insert =
        typeof etag === 'string'
          ? sql`select k, v, e, x from given where exists (select 1 from state_entry where key = k)`
          : sql`select k, v, e, x from given`
      const { rows } = await sql`
        with given (k, v, e, x) as (
          values (${stateKey(key)}::text, ${stateJson(value)}::jsonb, 1::bigint, ${expires}::timestamptz))
        insert into state_entry (key, value, etag, expires_at) ${insert}
        on conflict (key) do update set
          value = excluded.value, etag = state_entry.etag + 1, expires_at = excluded.expires_at
          where ${held}
        returning key`.execute(history.db)
      if (rows.length === 0) throw changed(key)
    },
    async delete(key, etag) {
      const held = etag === undefined ? sql`` : sql`and etag::text = ${etag}`
      const { rows } = await sql`
        delete from state_entry where key = ${stateKey(key)} ${held} returning key`.execute(history.db)
      if (rows.length > 0 || etag === undefined) return
      if ((await this.get(key)) !== undefined) throw changed(key)
    },
    async [Symbol.asyncDispose]() {},
  }
}
