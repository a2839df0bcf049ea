import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeFolders, nearestFolder, unwritable } from './folder-place.ts'

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-place-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  return folder
}

test('a folder below one that exists can be written, and trying leaves nothing', async () => {
  const folder = await temporary()
  expect(await unwritable(join(folder, 'a', 'b'))).toBeUndefined()
  expect(await unwritable(folder)).toBeUndefined()
  expect(await readdir(folder)).toEqual([])
  expect(await nearestFolder(join(folder, 'a', 'b'))).toBe(folder)
})

test('a folder below a file, or where the system makes none, is named', async () => {
  const folder = await temporary()
  await writeFile(join(folder, 'file'), '')
  expect(await unwritable(join(folder, 'file', 'data'))).toMatch(/file\/data cannot be written \(ENOTDIR\)/)
  expect(await unwritable(join(folder, 'x'.repeat(300)))).toMatch(/cannot be written \(ENAMETOOLONG\)/)
  if (process.platform === 'linux') expect(await unwritable('/proc/x')).toBe('/proc/x cannot be written (ENOENT)')
})

test('missing parents get the mode of the folder, existing ones keep theirs', async () => {
  const folder = await temporary()
  await chmod(folder, 0o755)
  await makeFolders(join(folder, 'a', 'b'), 0o711)
  const modes = [folder, join(folder, 'a'), join(folder, 'a', 'b')].map(async path => (await stat(path)).mode & 0o777)
  expect(await Promise.all(modes)).toEqual([0o755, 0o711, 0o711])
})
