import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Kysely, PGliteDialect } from 'kysely'
import { migrateTo } from '../../migrate.ts'
import type { History } from '../../ports/history.ts'
import type { Tables } from '../../tables.ts'
import type { Database } from './database.ts'

/** The history in the embedded database. `backups` is the folder that receives a copy before an upgrade. */
export function embeddedHistory(database: Database, backups?: string): History {
  const kysely = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: database.engine }) })
  const inside = new AsyncLocalStorage<true>()
  const outer = (): Kysely<Tables> => {
    if (inside.getStore()) throw new Error('a query through history.db inside a transaction would wait for itself: use the transaction it was given')
    return kysely
  }
  const save = async (before: string): Promise<string | undefined> => {
    if (backups === undefined) return undefined
    await mkdir(backups, { recursive: true, mode: 0o700 })
    const file = join(backups, `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-before-${before}.tar.gz`)
    await writeFile(file, Buffer.from(await (await database.dump()).arrayBuffer()), { mode: 0o600 })
    return file
  }
  return {
    get db() {
      return outer()
    },
    async transaction(work) {
      const db = outer()
      await database.guardSpace()
      return inside.run(true, async () => db.transaction().execute(work))
    },
    migrate: async () => migrateTo(outer(), save),
    async [Symbol.asyncDispose]() {
      await kysely.destroy()
      await database.close().catch(() => {})
    },
  }
}
