import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { historyContract } from '../../contract/history.ts'
import { freshDatabase, ownPostgres } from '../../engines/test-engines.ts'
import { scrub } from '../../history/scrub.ts'
import { onEngines } from '../../engines/test-local.ts'
import { postgresHistory } from './history.ts'

const connect = (url: string) => postgresHistory({ url, querySeconds: 5, report: () => {} })

onEngines(({ postgres }) => {
  const open = async () => {
    const history = connect(await freshDatabase(postgres))
    await history.migrate()
    return { history, kill: async () => {}, [Symbol.asyncDispose]: async () => history[Symbol.asyncDispose]() }
  }
  const openOwn = async () => {
    const server = await ownPostgres()
    const history = connect(server.addresses[0] ?? '')
    await history.migrate()
    const dispose = async (): Promise<void> => {
      await history[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    }
    return { history, kill: server.kill, [Symbol.asyncDispose]: dispose }
  }
  historyContract('PostgreSQL', open, openOwn)

  test('of five processes that migrate an empty database at once one applies everything, and none fails', async () => {
    const url = await freshDatabase(postgres)
    const histories = Array.from({ length: 5 }, () => connect(url))
    const reports = await Promise.all(histories.map(async history => history.migrate()))
    expect(reports.filter(({ applied }) => applied.length > 0)).toHaveLength(1)
    await Promise.all(histories.map(async history => history[Symbol.asyncDispose]()))
  })

  test('a server that comes back is used again', async () => {
    await using server = await ownPostgres()
    await using history = connect(server.addresses[0] ?? '')
    await history.migrate()
    await server.kill()
    const ask = async () => history.db.selectFrom('audit').select('audit_id').execute()
    await expect(ask()).rejects.toMatchObject({ code: 'DEPENDENCY_DOWN' })
    await server.engine.restart('postgres')
    await expect.poll(async () => ask().catch(() => 'down')).toEqual([])
  })

  test('a table that another process changed is read again, after one failure that may be retried', async () => {
    const url = await freshDatabase(postgres)
    await using history = connect(url)
    await history.migrate()
    const ask = async () => history.db.selectFrom('audit').selectAll().where('actor', '=', 'nobody').execute()
    const askOnMany = async () => Promise.all(Array.from({ length: 5 }, ask))
    await askOnMany()
    await using other = connect(url)
    await sql`alter table audit add column more text`.execute(other.db)
    await expect(ask()).rejects.toMatchObject({
      code: 'DEPENDENCY_DOWN',
      message: expect.stringContaining('changed meanwhile'),
    })
    // Also on connections that have not seen the change yet.
    expect(await askOnMany()).toEqual([[], [], [], [], []])
  })

  test('of deleted rows no byte is left in the files of the server once they were rewritten', async () => {
    await using server = await ownPostgres()
    await using history = connect(server.addresses[0] ?? '')
    await history.migrate()
    const row = { action: 'test', subject: 'x', detail: '{}' }
    await history.db
      .insertInto('audit')
      .values(Array.from({ length: 500 }, (_, at) => ({ ...row, actor: at < 400 ? 'canary-actor' : `ann-${at}` })))
      .execute()
    await sql`analyze`.execute(history.db)
    await history.db.deleteFrom('audit').where('actor', '=', 'canary-actor').execute()
    expect(await server.filesWith('canary-actor')).not.toEqual([])
    expect(await scrub(history)).toEqual([])
    expect(await server.filesWith('canary-actor')).toEqual([])
    expect(await history.db.selectFrom('audit').select('audit_id').execute()).toHaveLength(100)
  })
})
