import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../drivers/embedded/database.ts'
import { embeddedDialect } from '../drivers/embedded/dialect.ts'
import { embeddedHistory } from '../drivers/embedded/history.ts'
import { migratedDump } from '../drivers/embedded/test-engine.ts'
import { files } from './migrate.ts'

const settings = { querySeconds: 20, minFreeMegabytes: 1 }

async function freshFolder(): Promise<{ folder: string; backups: string }> {
  const parent = await mkdtemp(join(tmpdir(), 'learnflow-migrate-'))
  onTestFinished(async () => rm(parent, { recursive: true, force: true }))
  return { folder: join(parent, 'pg'), backups: join(parent, 'backups') }
}

test('a fresh folder gets every migration and no backup, and then nothing more', async () => {
  const { backups } = await freshFolder()
  await using history = embeddedHistory(await openDatabase(settings), backups)
  expect(await history.migrate()).toEqual({ applied: Object.keys(await files.getMigrations()) })
  expect(await history.migrate()).toEqual({ applied: [] })
})

test('an older folder is saved before its upgrade, and the backup opens with its data', async () => {
  const { folder, backups } = await freshFolder()
  const [oldest = '', ...newer] = Object.keys(await files.getMigrations())
  const database = await openDatabase({ ...settings, folder })
  await new Migrator({ db: new Kysely<unknown>({ dialect: embeddedDialect(database) }), provider: files }).migrateTo(
    oldest,
  )
  await using history = embeddedHistory(database, backups)
  const row = { class_id: 'c1', student_id: 's1' }
  await sql`insert into class_member (class_id, student_id) values ('c1', 's1')`.execute(history.db)
  const { applied, backup = '' } = await history.migrate()
  expect(applied).toEqual(newer)
  expect(await history.db.selectFrom('class_member').selectAll().execute()).toMatchObject([row])
  expect(backup).toContain(`before-${newer[0]}`)

  const restored = await openDatabase({
    ...settings,
    folder: `${folder}-restored`,
    from: new Blob([await readFile(backup)]),
  })
  await using before = embeddedHistory(restored)
  expect(await before.db.selectFrom('class_member').selectAll().execute()).toEqual([row])
  expect((await sql<{ name: string }>`select name from kysely_migration`.execute(before.db)).rows).toEqual([
    { name: oldest },
  ])
  expect((await before.migrate()).applied).toEqual(newer)
})

test('notes that were stored as sentences become data that keeps them, in their order; grades without notes stay', async () => {
  const { backups } = await freshFolder()
  const before = '0003-exercises'
  const database = await openDatabase(settings)
  const migrator = new Migrator({ db: new Kysely<unknown>({ dialect: embeddedDialect(database) }), provider: files })
  await migrator.migrateTo(before)
  await using history = embeddedHistory(database, backups)
  const insert = async (student: string, notes: string): Promise<void> => {
    const id = crypto.randomUUID()
    await sql`insert into request (request_id, student_id, kind, agent, traceparent)
      values (${id}, ${student}, 'submission', 'exercise', '')`.execute(history.db)
    await sql`insert into submission (submission_id, student_id, exercise_id, exercise_version, attempt, code)
      values (${id}, ${student}, 'square', 1, 1, 'pass')`.execute(history.db)
    await sql`insert into grade (submission_id, exercise_version, student_id, exercise_id, module, attempt, verdict,
      score, duration_ms, notes, tests, seed) values (${id}, 1, ${student}, 'square', 'basics', 1, 'failed', 0, 5,
      ${notes}::jsonb, '[]', '0')`.execute(history.db)
  }
  await insert('ann', JSON.stringify(['it prints "9"', 'line 2 only compares']))
  await insert('bob', '[]')
  expect((await history.migrate()).applied).toContain('0004-notes-as-data')
  const rows = await history.db.selectFrom('grade').select(['student_id', 'notes']).orderBy('student_id').execute()
  const legacy = (text: string) => ({ code: 'legacy', severity: 'info', params: { text } })
  expect(rows).toEqual([
    { student_id: 'ann', notes: [legacy('it prints "9"'), legacy('line 2 only compares')] },
    { student_id: 'bob', notes: [] },
  ])
})

test('a folder of a newer version is refused, and nothing in it is changed', async () => {
  const { backups } = await freshFolder()
  await using history = embeddedHistory(await openDatabase({ ...settings, from: await migratedDump() }), backups)
  expect(await history.migrate()).toEqual({ applied: [] })
  await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01')`.execute(history.db)
  const all = async () => (await sql`select * from kysely_migration order by name`.execute(history.db)).rows
  const before = await all()
  await expect(history.migrate()).rejects.toMatchObject({
    code: 'DATA_FOLDER_NEWER',
    message: expect.stringContaining('9999-later'),
  })
  expect(await all()).toEqual(before)
})

test('who was enrolled before rosters and has used the platform has joined, with what was assigned; a typo is invited', async () => {
  const { backups } = await freshFolder()
  const database = await openDatabase(settings)
  const migrator = new Migrator({ db: new Kysely<unknown>({ dialect: embeddedDialect(database) }), provider: files })
  await migrator.migrateTo('0005-undelivered')
  await using history = embeddedHistory(database, backups)
  const { db } = history
  await sql`insert into class_member (class_id, student_id) values ('c1', 'ann'), ('c1', 'anm')`.execute(db)
  await sql`insert into assignment (assignment_id, class_id, exercise_id, exercise_version, assigned_by, assigned_at)
    values (${crypto.randomUUID()}, 'c1', 'square', 1, 'tom', '2026-02-01')`.execute(db)
  const ids = ['2026-01-01', '2026-03-01'].map(at => ({ id: crypto.randomUUID(), at }))
  for (const [attempt, { id, at }] of ids.entries()) {
    await sql`insert into request (request_id, student_id, kind, agent, traceparent)
      values (${id}, 'ann', 'submission', 'exercise', '')`.execute(db)
    await sql`insert into submission (submission_id, student_id, exercise_id, exercise_version, attempt, code,
      received_at) values (${id}, 'ann', 'square', 1, ${attempt + 1}, 'pass', ${at})`.execute(db)
  }
  expect((await history.migrate()).applied).toContain('0006-rosters')
  expect(await db.selectFrom('class_member').selectAll().orderBy('student_id').execute()).toEqual([
    { class_id: 'c1', student_id: 'anm', joined_at: null },
    { class_id: 'c1', student_id: 'ann', joined_at: expect.any(Date) },
  ])
  expect(await db.selectFrom('submission_class').selectAll().execute()).toEqual([
    { submission_id: ids[1]?.id, class_id: 'c1' },
  ])
})

test('a migration that was finished later than one with a higher number is applied, too', async () => {
  await using history = embeddedHistory(await openDatabase(settings), (await freshFolder()).backups)
  await history.migrate()
  await sql`drop table hint`.execute(history.db)
  await sql`delete from kysely_migration where name = '0012-hint'`.execute(history.db)
  expect(await history.migrate()).toMatchObject({ applied: ['0012-hint'] })
  expect(await history.db.selectFrom('hint').selectAll().execute()).toEqual([])
})
