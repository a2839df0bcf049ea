import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { masteryKey } from '../../schemas/state-keys.ts'
import { openDatabase } from '../../platform/drivers/embedded/database.ts'
import { embeddedHistory } from '../../platform/drivers/embedded/history.ts'
import { makeMigratedFolder } from '../../platform/drivers/embedded/test-engine.ts'
import { type Config, readConfig } from '../../platform/config.ts'
import { noteErased } from '../../platform/history/erased-list.ts'
import { backupsWith } from '../../platform/expunge.ts'
import { dataPaths, takeDataFolder } from '../../platform/owner/data-folder.ts'
import type { History } from '../../platform/ports/history.ts'
import { runScript } from '../registry.ts'

const settings = { querySeconds: 20, minFreeMegabytes: 1 }
const copy = 'before-9999.tar.gz'

/** The history of a folder on which no platform runs, while `work` runs. */
async function withHistory<T>(config: Config, work: (history: History) => Promise<T>): Promise<T> {
  await using data = await takeDataFolder(config.LEARNFLOW_DATA_DIR)
  await using history = embeddedHistory(await openDatabase({ folder: data.database, ...settings }))
  return await work(history)
}

async function handIn(history: History, student_id: string): Promise<void> {
  const request_id = crypto.randomUUID()
  const request = { request_id, student_id, kind: 'submission', agent: 'exercise', traceparent: '' } as const
  await history.db.insertInto('request').values(request).execute()
  const submission = { submission_id: request_id, student_id, exercise_id: 'square', exercise_version: 1, attempt: 1 }
  await history.db
    .insertInto('submission')
    .values({ ...submission, code: `# by ${student_id}` })
    .execute()
  await history.db
    .insertInto('state_entry')
    .values({ key: masteryKey(student_id, 'basics'), value: '{}', etag: 1, expires_at: null })
    .execute()
}

const statesIn = async (config: Config): Promise<string[]> =>
  withHistory(config, async ({ db }) =>
    (await db.selectFrom('state_entry').select('key').execute()).map(row => row.key),
  )

const studentsIn = async (config: Config): Promise<string[]> =>
  withHistory(config, async ({ db }) =>
    (await db.selectFrom('submission').select('student_id').orderBy('student_id').execute()).map(row => row.student_id),
  )

test('who was erased does not come back with a restore, and is expunged from backups of both kinds', async () => {
  const place = await mkdtemp(join(tmpdir(), 'learnflow-expunge-'))
  onTestFinished(async () => rm(place, { recursive: true, force: true }))
  const [folder, to] = [join(place, 'data'), join(place, 'restored')]
  const config = readConfig({ LEARNFLOW_DATA_DIR: folder, LEARNFLOW_LOG_LEVEL: 'silent' }, {}, place)
  const { backups } = dataPaths(folder)
  await mkdir(backups, { recursive: true, mode: 0o700 })
  await makeMigratedFolder(dataPaths(folder).database)
  await withHistory(config, async history => {
    await handIn(history, 'ann')
    await handIn(history, 'canary|x')
  })
  const { name } = (await runScript('history/backup', {}, { config })).data as { name: string }
  const database = await openDatabase({ folder: dataPaths(folder).database, ...settings })
  await writeFile(join(backups, copy), Buffer.from(await (await database.dump()).arrayBuffer()))
  await database.close()
  expect((await backupsWith(backups, 'canary|x')).toSorted()).toEqual([name, copy].toSorted())
  expect(await backupsWith(backups, 'canary|')).toEqual([copy])

  const list = await noteErased(backups, 'canary|x')
  expect(JSON.stringify(await readFile(join(backups, 'erased.jsonl'), 'utf8'))).not.toContain('canary')
  expect(list.erasedAt('ann')).toBeUndefined()
  for (const backup of [name, copy]) {
    expect(await runScript('history/restore', { name: backup, to }, { config })).toMatchObject({
      changed: 1,
      summary: expect.stringContaining('without 1 erased'),
    })
    expect(await runScript('history/restore', { name: backup, to }, { config })).toMatchObject({ changed: 0 })
    const restored = { ...config, LEARNFLOW_DATA_DIR: to }
    expect(await studentsIn(restored)).toEqual(['ann'])
    expect(await statesIn(restored)).toEqual([masteryKey('ann', 'basics')])
    expect(await readFile(join(dataPaths(to).backups, 'erased.jsonl'), 'utf8')).toContain('person')
    await rm(to, { recursive: true })
  }

  const planned = await runScript('history/expunge', {}, { config, dryRun: true })
  expect(planned).toMatchObject({ changed: 2, plan: expect.arrayContaining([`take 1 erased out of ${name}`]) })
  await expect(runScript('history/expunge', {}, { config })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  expect((await backupsWith(backups, 'canary|x')).length).toBe(2)
  expect(await runScript('history/expunge', {}, { config, confirm: 'erased' })).toMatchObject({ changed: 2 })
  expect(await backupsWith(backups, 'canary|x')).toEqual([])
  for (const backup of [name, copy])
    expect((await promisify(gunzip)(await readFile(join(backups, backup)))).includes('canary|x')).toBe(false)
  expect(await runScript('history/expunge', {}, { config, confirm: 'erased' })).toMatchObject({ changed: 0 })
  expect(await runScript('history/restore', { name, to }, { config })).toMatchObject({
    summary: expect.stringMatching(/equal row by row$/),
  })
  expect(await studentsIn({ ...config, LEARNFLOW_DATA_DIR: to })).toEqual(['ann'])
})
