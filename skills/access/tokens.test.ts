import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { tokenReader } from '../../api/auth.ts'
import { readConfig } from '../../platform/config.ts'
import { readSecret } from '../../platform/owner/data-folder.ts'
import { eraseFiles } from '../../platform/owner/erase-files.ts'
import { runScript } from '../registry.ts'

async function folderWith(list: string) {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-tokens-'))
  onTestFinished(async () => rm(folder, { recursive: true }))
  const students = join(folder, 'list.csv')
  await writeFile(students, list)
  return { folder, students, config: readConfig({ LEARNFLOW_DATA_DIR: folder }, {}, folder) }
}

test('each student of a list gets one token that the API takes, in a file that goes when one of them is erased', async () => {
  const { folder, students, config } = await folderWith('name,student_id\nAnn,ann\n"B, ob","bob, ""b"""\nAnn,ann\n')
  const { data } = await runScript('access/tokens', { students }, { config })
  const { file } = data as { file: string }
  expect(data).toMatchObject({ count: 2, expires_in: 28_800 })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  const read = tokenReader(config, await readSecret(folder))
  const ids = ['ann', 'bob, "b"']
  for (const [at, line] of lines.entries()) {
    const { student, token } = JSON.parse(line) as { student: string; token: string }
    expect(student).toBe(ids[at])
    expect(await read(token)).toEqual({ sub: student, role: 'student', classes: [] })
  }
  expect(lines).toHaveLength(2)
  await eraseFiles(folder, 'ann')
  expect(existsSync(file)).toBe(false)
})

test('a list with what is no id makes no token', async () => {
  const { folder, students, config } = await folderWith(`ann\n${'x'.repeat(256)}\n`)
  await expect(runScript('access/tokens', { students }, { config })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('must be 1-255 printable'),
  })
  expect(existsSync(join(folder, 'tokens'))).toBe(false)
})
