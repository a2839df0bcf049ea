import { AsyncLocalStorage } from 'node:async_hooks'
import type { Kysely, KyselyPlugin, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

const refusal =
  'a query through history.db inside a transaction would wait for itself: use the transaction it was given'

/**
 * The `db` and `transaction` of a `History`: using `db` inside a transaction is refused on every driver, also through a
 * reference taken before.
 */
export function guardTransactions(unguarded: Kysely<Tables>): {
  db: Kysely<Tables>
  transaction<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>
} {
  const inside = new AsyncLocalStorage<true>()
  const refuse = (): void => {
    if (inside.getStore() === true) throw new Error(refusal)
  }
  const guard: KyselyPlugin = {
    transformQuery: ({ node }) => (refuse(), node),
    transformResult: async ({ result }) => result,
  }
  return {
    db: unguarded.withPlugin(guard),
    async transaction(work) {
      refuse()
      return unguarded.transaction().execute(async trx => inside.run(true, async () => work(trx)))
    },
  }
}
