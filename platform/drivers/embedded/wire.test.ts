import { PGlite } from '@electric-sql/pglite'
import { expect, onTestFinished, test } from 'vitest'
import { openMigrated } from './test-engine.ts'
import { Wire } from './wire.ts'

async function open(): Promise<Wire> {
  const pglite = await PGlite.create()
  onTestFinished(async () => pglite.close())
  return new Wire(pglite)
}

test('a statement that comes again gives what it gave, also after it failed, and after the tables changed', async () => {
  const wire = await open()
  await wire.command('create table thing (id integer primary key, name text)')
  const insert = 'insert into thing (id, name) values ($1, $2)'
  for (const id of [1, 2]) expect(await wire.run(insert, [id, 'ä'])).toEqual({ rows: [], command: 'INSERT', count: 1 })
  await expect(wire.run(insert, [1, 'again'])).rejects.toMatchObject({ code: '23505', severity: 'ERROR' })
  expect(await wire.run(insert, [3, null])).toMatchObject({ count: 1 })
  const select = 'select * from thing where id >= $1 order by id'
  for (const from of [1, 1, 3])
    expect((await wire.run(select, [from])).rows).toEqual(
      [
        { id: 1, name: 'ä' },
        { id: 2, name: 'ä' },
        { id: 3, name: null },
      ].slice(from - 1),
    )
  await wire.command("alter table thing add column more text default 'm'")
  await expect(wire.run(select, [3])).rejects.toMatchObject({ code: '0A000' })
  expect((await wire.run(select, [3])).rows).toEqual([{ id: 3, name: null, more: 'm' }])
})

test('a statement that fails at its first run is planned once and works later', async () => {
  const wire = await open()
  const divide = 'select 10 / $1::integer as tenth, $2::bytea as bytes, $3::text[] as texts'
  await expect(wire.run(divide, [0, null, []])).rejects.toMatchObject({ code: '22012' })
  const { rows } = await wire.run(divide, [2, Buffer.from([0, 255]), ['a,"b"', '{}', 'null']])
  expect(rows).toEqual([{ tenth: 5, bytes: Buffer.from([0, 255]), texts: ['a,"b"', '{}', 'null'] }])
})

test('answers of many megabytes come whole, and commands say what they did', async () => {
  const wire = await open()
  const { rows } = await wire.run<{ text: string }>(
    "select repeat('é', $1::integer) as text from generate_series(1, 3)",
    [1_000_000],
  )
  expect(rows.map(({ text }) => text.length)).toEqual([1_000_000, 1_000_000, 1_000_000])
  expect(await wire.command('begin; select 1; rollback')).toMatchObject({ command: 'ROLLBACK' })
  expect(await wire.run('create table one as select generate_series(1, 7)', [])).toMatchObject({ count: 7 })
})

test('statements at once each get their own answer', async () => {
  await using history = await openMigrated()
  const asked = Array.from({ length: 200 }, (_, at) => at)
  const found = await Promise.all(
    asked.map(async at => history.db.selectNoFrom(({ val }) => [val(String(at)).as('text')]).executeTakeFirstOrThrow()),
  )
  expect(found.map(({ text }) => Number(text))).toEqual(asked)
})
