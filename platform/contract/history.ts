import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { History } from '../ports/history.ts'

/** A migrated history and a way to stop its server. Suites may share one: each case has its own rows. */
export interface HistoryUnderTest extends AsyncDisposable {
  history: History
  kill(): Promise<void>
}

/** The contract of every history. `openOwn` opens one with its own server, for the cases that stop it. */
export function historyContract(driver: string, open: () => Promise<HistoryUnderTest>, openOwn = open): void {
  describe(`history: ${driver}`, () => {
    let opened: HistoryUnderTest
    let history: History
    beforeAll(async () => {
      opened = await open()
      history = opened.history
    })
    afterAll(async () => opened[Symbol.asyncDispose]())

    const enrol = (class_id: string, student_id: string) => ({ class_id, student_id })
    const students = async (class_id: string): Promise<string[]> => {
      const rows = await history.db
        .selectFrom('class_member')
        .select('student_id')
        .where('class_id', '=', class_id)
        .orderBy('student_id')
        .execute()
      return rows.map(row => row.student_id)
    }

    test('a transaction that resolves is stored, and one that throws leaves nothing', async () => {
      const id = randomUUID()
      const stored = await history.transaction(async trx => {
        await trx.insertInto('class_member').values(enrol(id, 'a')).execute()
        return 'stored'
      })
      expect(stored).toBe('stored')
      const failing = history.transaction(async trx => {
        await trx.insertInto('class_member').values(enrol(id, 'b')).execute()
        throw new Error('on second thoughts')
      })
      await expect(failing).rejects.toThrow('on second thoughts')
      expect(await students(id)).toEqual(['a'])
    })

    test('a transaction that goes on after a failed statement is an error, not a commit of nothing', async () => {
      const id = randomUUID()
      const careless = history.transaction(async trx => {
        await trx.insertInto('class_member').values(enrol(id, 'a')).execute()
        await sql`select 1 / 0`.execute(trx).catch(() => {})
      })
      await expect(careless).rejects.toThrow()
      expect(await students(id)).toEqual([])
      await history.transaction(async trx => trx.insertInto('class_member').values(enrol(id, 'b')).execute())
      expect(await students(id)).toEqual(['b'])
    })

    test('a query outside the open transaction is refused, also through an earlier db, and so is a nested transaction', async () => {
      const { db } = history
      const refused = /inside a transaction/
      await history.transaction(async trx => {
        await expect((async () => history.db.selectFrom('audit').select('audit_id').execute())()).rejects.toThrow(
          refused,
        )
        await expect(db.selectFrom('audit').select('audit_id').execute()).rejects.toThrow(refused)
        await expect((async () => sql`select 1`.execute(db))()).rejects.toThrow(refused)
        await expect(history.transaction(async () => {})).rejects.toThrow(refused)
        expect((await sql<{ one: number }>`select 1 as one`.execute(trx)).rows).toEqual([{ one: 1 }])
      })
      expect(await db.selectFrom('audit').select('audit_id').where('actor', '=', randomUUID()).execute()).toEqual([])
    })

    test('parallel transactions do not see each other and lose no update', async () => {
      const lane = randomUUID()
      await history.db.insertInto('lane').values({ consumer: 'test', lane, fence: '0' }).execute()
      const add = async (): Promise<void> =>
        history.transaction(async trx => {
          const { fence } = await trx
            .selectFrom('lane')
            .select('fence')
            .where('lane', '=', lane)
            .forUpdate()
            .executeTakeFirstOrThrow()
          await sleep(2)
          await trx
            .updateTable('lane')
            .set({ fence: String(BigInt(fence) + 1n) })
            .where('lane', '=', lane)
            .execute()
        })
      const failing = history.transaction(async trx => {
        await trx.updateTable('lane').set({ owner: 'nobody' }).where('lane', '=', lane).execute()
        throw new Error('rolled back')
      })
      const [failed] = await Promise.allSettled([failing, ...Array.from({ length: 10 }, add)])
      expect(failed?.status).toBe('rejected')
      expect(await history.db.selectFrom('lane').select(['fence', 'owner']).where('lane', '=', lane).execute()).toEqual(
        [{ fence: '10', owner: null }],
      )
    })

    test('values come back in one shape: times as Date, 64 bits as text, JSON parsed, arrays as arrays', async () => {
      const at = '2026-03-01T12:00:00.123Z'
      const { rows } =
        await sql`select ${at}::timestamptz as at, 9007199254740993::bigint as big, count(*) as counted, 7::int as small, 0.1::float8 as double,
          1.50::numeric as exact, true as yes, null as nothing, 'é'::text as text, ${randomUUID()}::uuid is not null as uuid,
          ${JSON.stringify({ a: [1, null, 'x'] })}::jsonb as json, array['a', 'b,"c"', null] as texts, array[1, 2]::int[] as ints,
          ${['x', 'y']}::text[] as given from (values (1), (2)) as two`.execute(history.db)
      expect(rows).toEqual([
        {
          at: new Date(at),
          big: '9007199254740993',
          counted: '2',
          small: 7,
          double: 0.1,
          exact: '1.50',
          yes: true,
          nothing: null,
          text: 'é',
          uuid: true,
          json: { a: [1, null, 'x'] },
          texts: ['a', 'b,"c"', null],
          ints: [1, 2],
          given: ['x', 'y'],
        },
      ])
    })

    test('a Date, text of any script and JSON go in as parameters, and an identity comes back as text', async () => {
      const at = new Date('2026-02-03T04:05:06.789Z')
      const actor = `学生 ${randomUUID()}`
      const detail = { quote: '"', back: '\\', emoji: '🐍', list: [] }
      const inserted = await history.db
        .insertInto('audit')
        .values({ at, actor, action: 'test', subject: 's', detail: JSON.stringify(detail) })
        .returning('audit_id')
        .executeTakeFirstOrThrow()
      expect(inserted.audit_id).toMatch(/^\d+$/)
      expect(
        await history.db.selectFrom('audit').select(['at', 'detail']).where('actor', '=', actor).execute(),
      ).toEqual([{ at, detail }])
    })

    test('how many rows a statement changed is known', async () => {
      const id = randomUUID()
      await history.db
        .insertInto('class_member')
        .values(['a', 'b', 'c'].map(student => enrol(id, student)))
        .execute()
      const result = await history.db
        .deleteFrom('class_member')
        .where('class_id', '=', id)
        .where('student_id', '<', 'c')
        .executeTakeFirst()
      expect(result.numDeletedRows).toBe(2n)
    })

    test('migrating again applies nothing', async () => {
      expect(await history.migrate()).toEqual({ applied: [] })
    })

    test('a dead server: queries, transactions and migrations say DEPENDENCY_DOWN', async () => {
      await using dying = await openOwn()
      await dying.kill()
      const down = { code: 'DEPENDENCY_DOWN' }
      await expect(dying.history.db.selectFrom('audit').select('audit_id').execute()).rejects.toMatchObject(down)
      await expect(dying.history.db.deleteFrom('audit').execute()).rejects.toMatchObject(down)
      await expect(dying.history.transaction(async () => {})).rejects.toMatchObject(down)
      await expect(dying.history.migrate()).rejects.toMatchObject(down)
    })

    test('a server that dies within a transaction: its caller hears DEPENDENCY_DOWN', async () => {
      await using dying = await openOwn()
      const cut = dying.history.transaction(async trx => {
        await dying.kill()
        await trx.selectFrom('audit').select('audit_id').execute()
      })
      await expect(cut).rejects.toMatchObject({ code: 'DEPENDENCY_DOWN' })
    })
  })
}
