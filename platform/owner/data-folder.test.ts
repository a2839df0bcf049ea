import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readRunning, readSecret, takeDataFolder, dataPaths } from './data-folder.ts'
import { callOwner, openControlSocket } from './control-socket.ts'

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-data-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  return join(folder, 'data')
}

/** Starts another process that owns `folder`, and resolves when it does. */
async function startOwner(folder: string): Promise<ChildProcess> {
  const owner = spawn(process.execPath, [join(import.meta.dirname, 'fixture', 'owner.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void owner.kill('SIGKILL'))
  await once(owner.stdout ?? owner, 'data')
  return owner
}

async function kill(owner: ChildProcess): Promise<void> {
  const gone = once(owner, 'exit')
  owner.kill('SIGKILL')
  await gone
}

test('a missing folder is created for its owner only, and can be taken again after its release', async () => {
  const folder = await freshFolder()
  for (let round = 0; round < 2; round += 1) {
    await using data = await takeDataFolder(folder)
    expect(data.database).toBe(join(folder, 'pg'))
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
  }
})

test('the owner itself cannot take its folder twice', async () => {
  const folder = await freshFolder()
  await using _data = await takeDataFolder(folder)
  await expect(takeDataFolder(folder)).rejects.toMatchObject({ code: 'DATA_FOLDER_IN_USE' })
})

test('a second process is refused with the owner’s pid and address', async () => {
  const folder = await freshFolder()
  const owner = await startOwner(folder)
  await expect(takeDataFolder(folder)).rejects.toMatchObject({
    code: 'DATA_FOLDER_IN_USE',
    message: `the data folder ${folder} is in use by process ${owner.pid} at http://127.0.0.1:1`,
  })
})

test('the folder of a killed owner can be taken, and its stale socket is replaced', async () => {
  const folder = await freshFolder()
  await kill(await startOwner(folder))
  expect(await stat(dataPaths(folder).socket)).toBeDefined()
  expect(await callOwner(folder, { op: 'status', args: {}, dry_run: false }, () => {})).toBeUndefined()
  {
    await using data = await takeDataFolder(folder)
    await using _door = await openControlSocket(data.folder, async () => 'the new owner')
    expect(await callOwner(folder, { op: 'status', args: {}, dry_run: false }, () => {})).toEqual({
      result: 'the new owner',
    })
  }
  await expect(stat(dataPaths(folder).socket)).rejects.toMatchObject({ code: 'ENOENT' })
  await expect(stat(dataPaths(folder).running)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('of many processes that want a folder at once, one gets it', async () => {
  const folder = await freshFolder()
  const tries = await Promise.allSettled(Array.from({ length: 5 }, async () => takeDataFolder(folder)))
  const owners = tries.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []))
  expect(owners).toHaveLength(1)
  for (const owner of owners) await owner[Symbol.asyncDispose]()
})

test('a path that is too long for a socket is refused before anything is created', async () => {
  const folder = join(await freshFolder(), 'x'.repeat(100))
  await expect(takeDataFolder(folder)).rejects.toMatchObject({
    code: 'DATA_FOLDER_UNUSABLE',
    message: expect.stringContaining('too long'),
  })
  await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' })
})

/** Root may write everywhere, so `act` runs as another user. */
async function asNobodySpecial<T>(act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await act()
  process.seteuid?.(65_534)
  return await act().finally(() => process.seteuid?.(0))
}

test('a folder that cannot be written, or is a file, is refused with the reason', async () => {
  const folder = await freshFolder()
  await mkdir(folder)
  await writeFile(join(folder, 'file'), '')
  await expect(takeDataFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' })
  await chmod(dirname(folder), 0o755)
  await chmod(folder, 0o555)
  const refused = await asNobodySpecial(async () => takeDataFolder(folder).catch((error: unknown) => error))
  // Restores the mode, so that the folder can be removed.
  await chmod(folder, 0o755)
  // The first access check uses the real user id, so a process that only changed its effective user passes it.
  expect(refused).toMatchObject({
    code: 'DATA_FOLDER_UNUSABLE',
    message: expect.stringMatching(process.getuid?.() === 0 ? /cannot be locked/ : /EACCES/),
  })
})

test('the owner’s record is read back; a torn file counts as no owner', async () => {
  const folder = await freshFolder()
  await mkdir(folder)
  expect(await readRunning(folder)).toBeUndefined()
  await writeFile(dataPaths(folder).running, '{"pid": 1')
  expect(await readRunning(folder)).toBeUndefined()
})

test('the secret is created once, with 256 bits, for its owner only', async () => {
  const folder = await freshFolder()
  await mkdir(folder)
  const secrets = await Promise.all([readSecret(folder), readSecret(folder)])
  expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/)
  expect(secrets[1]).toBe(secrets[0])
  expect(await readFile(dataPaths(folder).secret, 'utf8')).toBe(secrets[0])
  expect((await stat(dataPaths(folder).secret)).mode & 0o777).toBe(0o600)
})

test('a secret that is there is read without a write', async () => {
  const folder = await freshFolder()
  await mkdir(folder)
  const secret = await readSecret(folder)
  const { mtimeMs } = await stat(folder)
  expect(await readSecret(folder)).toBe(secret)
  expect((await stat(folder)).mtimeMs).toBe(mtimeMs)
})

test('a folder that was open to other users is closed to them with all that is in it', async () => {
  const folder = await freshFolder()
  const { database } = dataPaths(folder)
  await mkdir(join(database, 'base'), { recursive: true })
  const file = join(database, 'base', 'rows')
  await writeFile(file, 'rows of students')
  for (const path of [folder, database, join(database, 'base')]) await chmod(path, 0o755)
  await chmod(file, 0o666)
  await using _data = await takeDataFolder(folder)
  for (const path of [folder, database, join(database, 'base')]) expect((await stat(path)).mode & 0o777).toBe(0o700)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test.skipIf(process.getuid?.() !== 0)('another user of the machine reads nothing in the folder', async () => {
  const folder = await freshFolder()
  await chmod(dirname(folder), 0o755)
  await mkdir(dataPaths(folder).database, { recursive: true })
  const file = join(dataPaths(folder).database, 'rows')
  await writeFile(file, 'rows')
  await chmod(file, 0o644)
  await chmod(folder, 0o755)
  await chmod(dataPaths(folder).database, 0o755)
  const read = async (): Promise<number | null> => {
    const other = spawn('/bin/cat', [file], { uid: 65_534, gid: 65_534, stdio: 'ignore' })
    return ((await once(other, 'exit')) as [number | null])[0]
  }
  expect(await read(), 'the control: it could be read before').toBe(0)
  await using _data = await takeDataFolder(folder)
  expect(await read()).not.toBe(0)
})
