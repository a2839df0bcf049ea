import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { contents, freshTopic } from '../../contract/event-log.ts'
import { openDatabase } from './database.ts'
import { embeddedLog } from './event-log.ts'
import { embeddedHistory } from './history.ts'
import { makeMigratedFolder } from './test-engine.ts'

const settings = { querySeconds: 20, minFreeMegabytes: 1 }
const killsAfter = [1, 40, 300]

/** The log in `folder`, open while `work` runs. */
async function withLog<T>(folder: string, work: (log: ReturnType<typeof embeddedLog>) => Promise<T>): Promise<T> {
  const database = await openDatabase({ folder, ...settings })
  await using history = embeddedHistory(database)
  await using log = embeddedLog(history, pino({ level: 'silent' }))
  return await work(log)
}

/** Runs the writer until it has acknowledged `count` messages and kills it; returns the number after the last acknowledged one. */
async function writeAndKill(folder: string, topic: string, first: number, count: number): Promise<number> {
  const writer = spawn(
    process.execPath,
    [join(import.meta.dirname, 'fixture', 'writer.ts'), folder, topic, String(first)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const gone = once(writer, 'exit')
  let next = first
  for await (const line of createInterface({ input: writer.stdout })) {
    next = Number((JSON.parse(line) as { acknowledged: number }).acknowledged) + 1
    if (next - first >= count) writer.kill('SIGKILL')
  }
  await gone
  return next
}

test('a process that is killed while it makes the database leaves what the next one makes anew, and only that', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'learnflow-crash-'))
  onTestFinished(async () => rm(parent, { recursive: true, force: true }))
  const folder = join(parent, 'pg')
  const writer = spawn(process.execPath, [join(import.meta.dirname, 'fixture', 'writer.ts'), folder, 'none', '0'], {
    stdio: 'ignore',
  })
  const gone = once(writer, 'exit')
  const begun = async (): Promise<number> => (await readdir(folder).catch(() => [])).length
  await expect.poll(begun, { interval: 1 }).toBeGreaterThan(15)
  writer.kill('SIGKILL')
  await gone
  // As when it was killed before the last file was written, whenever that was.
  await rm(join(folder, 'global'), { recursive: true, force: true })
  await writeFile(`${folder}.unfinished`, '')
  const database = await openDatabase({ folder, ...settings })
  await database.command('create table kept (n int)')
  await database.close()
  await rm(join(folder, 'global'), { recursive: true })
  await expect(openDatabase({ folder, ...settings })).rejects.toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' })
  expect(await begun()).toBeGreaterThan(15)
})

test('a process that is killed while it publishes and commits loses no acknowledged record, round after round', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'learnflow-crash-'))
  onTestFinished(async () => rm(parent, { recursive: true, force: true }))
  const folder = join(parent, 'pg')
  await makeMigratedFolder(folder)
  const topic = await withLog(folder, async log => freshTopic(log, 3))
  let acknowledged = 0
  for (const kills of killsAfter) acknowledged = await writeAndKill(folder, topic, acknowledged, kills)
  expect(acknowledged).toBeGreaterThanOrEqual(341)
  await withLog(folder, async log => {
    const partitions = await contents(log, topic)
    const stored = new Set(partitions.flat().map(({ value }) => Number(value)))
    expect(Array.from({ length: acknowledged }, (_, nr) => nr).filter(nr => !stored.has(nr))).toEqual([])
    // Nothing is torn: offsets have no gaps, each key's numbers never decrease, and no group is beyond the end.
    for (const records of partitions)
      expect(records.map(({ offset }) => offset)).toEqual(records.map((_, at) => String(at)))
    for (const numbers of Map.groupBy(partitions.flat(), ({ key }) => key).values()) {
      const inOrder = numbers.map(({ value }) => Number(value))
      expect(inOrder).toEqual(inOrder.toSorted((one, other) => one - other))
    }
    for (const { lag } of await log.lag(topic, 'g')) expect(lag).toBeGreaterThanOrEqual(0)
    const handled = new Set<string>()
    await using _member = await log.subscribe({
      topic,
      group: 'whole',
      handle: async ({ value }) => void handled.add(value),
    })
    await expect.poll(() => handled.size).toBe(stored.size)
  })
})
