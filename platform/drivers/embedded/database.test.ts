import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from './database.ts'
import { embeddedHistory } from './history.ts'
import { makeMigratedFolder, migratedDump, openMigrated } from './test-engine.ts'

const settings = { querySeconds: 10, minFreeMegabytes: 1 }

test('an engine whose write-ahead log fails is DEPENDENCY_DOWN, is reported once, and is not asked again', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'learnflow-database-'))
  onTestFinished(async () => rm(parent, { recursive: true, force: true }))
  const folder = join(parent, 'pg')
  const broken: string[] = []
  const database = await openDatabase({
    ...settings,
    folder,
    from: await migratedDump(),
    onBroken: ({ code }) => void broken.push(code),
  })
  await rm(join(folder, 'pg_wal'), { recursive: true })
  await writeFile(join(folder, 'pg_wal'), '')
  await database.query('select pg_switch_wal()', [])
  const down = { code: 'DEPENDENCY_DOWN' }
  await expect(database.query("insert into class_member values ('a', 'b')", [])).rejects.toMatchObject(down)
  await expect(database.query('select 1', [])).rejects.toMatchObject(down)
  await expect(database.command('rollback')).rejects.toMatchObject(down)
  await database.close()
  expect(broken).toEqual(['DEPENDENCY_DOWN'])
})

test('what PostgreSQL says about a statement is passed on and breaks nothing', async () => {
  const broken: string[] = []
  const database = await openDatabase({
    ...settings,
    from: await migratedDump(),
    onBroken: ({ message }) => void broken.push(message),
  })
  await expect(database.query('select * from nowhere', [])).rejects.toMatchObject({ code: '42P01' })
  expect((await database.query('select 1 as one', [])).rows).toEqual([{ one: 1 }])
  await database.close()
  await database.close()
  expect(broken).toEqual([])
})

test('a value that cannot be written fails its statement and breaks nothing', async () => {
  await using history = await openMigrated()
  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  for (const value of [{ big: 1n }, circular])
    await expect(sql`select ${value}::jsonb as value`.execute(history.db)).rejects.toThrow(TypeError)
  expect((await sql`select ${1}::integer as one`.execute(history.db)).rows).toEqual([{ one: 1 }])
})

test('the guard refuses writes on a disk with too little room, and lets reads pass', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-database-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  await makeMigratedFolder(join(folder, 'pg'))
  const database = await openDatabase({ ...settings, folder: join(folder, 'pg'), minFreeMegabytes: 1e9 })
  await using history = embeddedHistory(database)
  const full = { code: 'STORAGE_FULL' }
  await expect(history.transaction(async () => {})).rejects.toMatchObject(full)
  await expect(history.db.deleteFrom('audit').execute()).rejects.toMatchObject(full)
  expect(await history.db.selectFrom('audit').select('audit_id').execute()).toEqual([])
})

test('a folder that holds no database is DATA_FOLDER_UNUSABLE', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-database-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'file'), '')
  await expect(openDatabase({ ...settings, folder: join(folder, 'file') })).rejects.toMatchObject({
    code: 'DATA_FOLDER_UNUSABLE',
  })
})

test('no file of a new database is open to other users, also those that PostgreSQL unpacks and those written later', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'learnflow-database-'))
  onTestFinished(async () => rm(parent, { recursive: true, force: true }))
  const before = process.umask(0o077)
  onTestFinished(() => void process.umask(before))
  const folder = join(parent, 'pg')
  const database = await openDatabase({ ...settings, folder, from: await migratedDump() })
  await database.query('create table later as select generate_series(1, 1000)', [])
  await database.close()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const modes = await Promise.all(
    entries.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).mode),
  )
  expect(modes.length).toBeGreaterThan(100)
  expect(modes.filter(mode => (mode & 0o077) !== 0)).toEqual([])
})
