import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findBackup } from './find-backup.ts'

const [march, april] = ['learnflow-2026-03-01.jsonl.gz', 'learnflow-2026-04-01.tar.gz']

test('a backup is found with and without its ending, and the nearest are named for one that is not there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-backups-'))
  onTestFinished(async () => rm(folder, { recursive: true }))
  await expect(findBackup(folder, 'any')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    hint: expect.stringContaining('history backup'),
  })
  for (const name of [march, april, 'notes.txt']) await writeFile(join(folder, name), '')
  for (const name of [march, 'learnflow-2026-03-01', `backups/${march}`])
    expect(await findBackup(folder, name)).toBe(march)
  expect(await findBackup(folder, 'learnflow-2026-04-01')).toBe(april)
  for (const name of ['learnflow-2026-03', 'notes.txt'])
    await expect(findBackup(folder, name)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: expect.stringContaining('Did you mean learnflow'),
    })
})
