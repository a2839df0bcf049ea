import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Kysely } from 'kysely'
import { migrateTo } from '../../history/migrate.ts'
import type { History } from '../../ports/history.ts'
import type { Tables } from '../../history/tables.ts'
import { guardTransactions } from '../../history/transactions.ts'
import type { Database } from './database.ts'
import { embeddedDialect } from './dialect.ts'

/** The history in the embedded database. `backups` is the folder for the copy that is made before an upgrade. */
export function embeddedHistory(database: Database, backups?: string): History {
  const kysely = new Kysely<Tables>({ dialect: embeddedDialect(database) })
  const save = async (before: string): Promise<string | undefined> => {
    if (backups === undefined) return undefined
    await mkdir(backups, { recursive: true, mode: 0o700 })
    const file = join(backups, `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-before-${before}.tar.gz`)
    await writeFile(file, Buffer.from(await (await database.dump()).arrayBuffer()), { mode: 0o600 })
    return file
  }
  return {
    ...guardTransactions(kysely),
    migrate: async () => migrateTo(kysely, save),
    async [Symbol.asyncDispose]() {
      await kysely.destroy()
      // A Kysely instance that was never used does not close the database.
      await database.close()
    },
  }
}
