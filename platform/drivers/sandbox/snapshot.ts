import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PlatformError, hasCode } from '../../errors.ts'
import { childFolder, pyodideFolder, startNode } from './start-node.ts'

/**
 * The memory of a prepared interpreter, from which others start in a fifth of the time. It is stored beside the
 * packages under a name that changes with Pyodide and with the preparation; if that folder is not writable, in an
 * unnamed temporary file.
 */
export async function openSnapshot(): Promise<FileHandle> {
  const path = await snapshotPath()
  const folder = dirname(path)
  return (await openExisting(path)) ?? (await make(folder, path)) ?? makeNameless()
}

/** Removes a snapshot from which no interpreter could start, so that a new one is made. */
export async function forgetSnapshot(): Promise<void> {
  await rm(await snapshotPath(), { force: true })
}

/** Where it is stored for the interpreter's program in `child`, whose files end in `ending`; by default our own. */
export async function snapshotPath(child = childFolder, ending = extension): Promise<string> {
  return join(dirname(pyodideFolder), '.cache', 'learnflow', `python-${await key(child, ending)}.snapshot`)
}

async function key(child: string, ending: string): Promise<string> {
  const hash = createHash('sha256')
  const sources = [
    join(pyodideFolder, 'package.json'),
    ...['prepare', 'interpreter', 'harden', 'clock', 'shell'].map(name => join(child, `${name}${ending}`)),
  ]
  for (const source of sources) hash.update(await readFile(source))
  return hash.digest('hex').slice(0, 16)
}

const keptMs = 7 * 24 * 3_600_000
const extension = import.meta.filename.slice(-3)

async function openExisting(path: string): Promise<FileHandle | undefined> {
  return open(path, 'r').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  })
}

async function make(folder: string, path: string): Promise<FileHandle | undefined> {
  const draft = `${path}.${randomUUID()}`
  try {
    await mkdir(folder, { recursive: true })
    await write(await open(draft, 'wx', 0o644))
    await rename(draft, path)
    await removeOld(folder)
    return await open(path, 'r')
  } catch (error) {
    await rm(draft, { force: true })
    if (hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT')) return undefined
    throw error
  }
}

/** Removes snapshots of other versions that were not used for long. */
async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('python-')) continue
    const path = join(folder, name)
    const used = await stat(path).catch((error: unknown) => {
      // Another process has renamed its draft or removed an old one.
      if (hasCode(error, 'ENOENT')) return undefined
      throw error
    })
    if (used !== undefined && Date.now() - used.mtimeMs > keptMs) await rm(path, { force: true })
  }
}

async function makeNameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `learnflow-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  await rm(path)
  await write(file, false)
  return file
}

async function write(file: FileHandle, close = true): Promise<void> {
  const child = startNode({ megabytes: 0, snapshotFile: file.fd, command: [] })
  let said = ''
  child.stderr?.on('data', (data: Buffer) => (said = `${said}${data.toString()}`.slice(-2_000)))
  const code = await new Promise(resolve => child.once('exit', resolve))
  if (code !== 0)
    throw new PlatformError(
      'DEPENDENCY_DOWN',
      `the interpreter's memory could not be prepared: ${said.trim().split('\n').slice(-3).join(' ')}`,
      {
        hint: 'learnflow doctor',
      },
    )
  await file.sync()
  if (close) await file.close()
}
