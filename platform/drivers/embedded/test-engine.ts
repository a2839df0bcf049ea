import { openDatabase } from './database.ts'
import { embeddedHistory } from './history.ts'

const settings = { querySeconds: 10, minFreeMegabytes: 1 }
let template: Promise<Blob> | undefined

/** A fresh cluster takes seconds to make, a copy of a migrated one does not. */
export async function migratedDump(): Promise<Blob> {
  const database = await openDatabase(settings)
  await using history = embeddedHistory(database)
  await history.migrate()
  return await database.dump()
}

/** The embedded engine in memory, migrated, with the handle to end it under its ports: for contract suites. */
export async function openEngine() {
  template ??= migratedDump()
  const database = await openDatabase({ ...settings, from: await template })
  const history = embeddedHistory(database)
  return {
    history,
    kill: async () => database.close(),
    [Symbol.asyncDispose]: async () => history[Symbol.asyncDispose](),
  }
}
