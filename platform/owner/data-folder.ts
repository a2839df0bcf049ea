import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { hasCode, PlatformError } from '../errors.ts'
import { takeLock } from './lock.ts'
import { closeToOthers, othersMode } from './permissions.ts'

/** The folder with all data of one embedded platform. */
export interface DataFolder extends AsyncDisposable {
  folder: string
  database: string
  backups: string
}

const maxSocketPath = 100
const maxNamePart = 200

/** The paths in a data folder, whether or not it exists. */
export const dataPaths = (folder: string) => ({
  database: join(folder, 'pg'),
  backups: join(folder, 'backups'),
  secret: join(folder, 'secret'),
  tokens: join(folder, 'tokens'),
  lock: join(folder, 'lock.db'),
  up: join(folder, 'up.db'),
  socket: join(folder, 'learnflow.sock'),
  running: join(folder, 'platform.json'),
  agents: join(folder, 'agents.json'),
  log: join(folder, 'platform.log'),
})

/** How the name of a file ends that holds the tokens of many students. */
export const manyTokensEnd = '.jsonl'

/** The name of the file of a token: an id may hold characters that no file name takes, and be longer than one. */
export function tokenFile(student: string, role: string): string {
  const name = encodeURIComponent(student)
  const short = name.length <= maxNamePart ? name : createHash('sha256').update(student).digest('hex')
  return `${short}-${role}.jwt`
}

/**
 * The content of `platform.json`: on `embedded` written by the owner, on `local` by the command that brought the
 * platform up, with further addresses of the same API in `also`. Only valid while that platform runs.
 */
export const RunningPlatform = z.object({
  pid: z.number().int(),
  url: z.string(),
  also: z.array(z.string()).optional(),
  /** A name of `platform/targets/all.ts`. */
  target: z.string().min(1),
  version: z.string(),
  started_at: z.string(),
  /** What its settings file said at the start. */
  settings: z
    .object({
      file: z.string().optional(),
      folder: z.string().optional(),
      digests: z.record(z.string(), z.string()),
    })
    .optional(),
})
export type RunningPlatform = z.infer<typeof RunningPlatform>

/**
 * Makes this process the only owner of the folder. The lock ends with the process, which a socket file does not
 * guarantee (docs/decisions/0002).
 * @throws DATA_FOLDER_UNUSABLE, DATA_FOLDER_IN_USE
 */
export async function takeDataFolder(folder: string): Promise<DataFolder> {
  // From here on this process writes for its own user alone, also what the database writes.
  process.umask(othersMode)
  const paths = dataPaths(folder)
  if (Buffer.byteLength(paths.socket) > maxSocketPath)
    throw new PlatformError(
      'DATA_FOLDER_UNUSABLE',
      `the path ${folder} is too long for a socket in it (${maxSocketPath} bytes with the socket's name)`,
      {
        hint: 'Choose a shorter one with --data DIR.',
      },
    )
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await access(folder, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new PlatformError('DATA_FOLDER_UNUSABLE', `the data folder ${folder} cannot be written (${reason(cause)})`, {
      hint: 'Choose another with --data DIR or correct its permissions.',
      cause,
    })
  }
  const lock = await lockFolder(folder)
  if (await closeToOthers(folder, [...Object.values(paths), join(paths.database, 'PG_VERSION')]))
    process.stderr.write(`${folder} was open to other users of this machine: only its owner can use it now\n`)
  return {
    folder,
    database: paths.database,
    backups: paths.backups,
    async [Symbol.asyncDispose]() {
      await Promise.all([rm(paths.socket, { force: true }), rm(paths.running, { force: true })])
      lock[Symbol.dispose]()
    },
  }
}

const reason = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)

async function lockFolder(folder: string): Promise<Disposable> {
  const lock = tryLock(folder)
  if (lock !== undefined) return lock
  const owner = await readRunning(folder)
  throw new PlatformError(
    'DATA_FOLDER_IN_USE',
    `the data folder ${folder} is in use${owner === undefined ? '' : ` by process ${owner.pid} at ${owner.url}`}`,
    {
      hint: 'Use that platform, stop it with `learnflow down`, or choose another folder with --data DIR.',
    },
  )
}

function tryLock(folder: string): Disposable | undefined {
  try {
    return takeLock(dataPaths(folder).lock, 100)
  } catch (cause) {
    throw new PlatformError('DATA_FOLDER_UNUSABLE', `the data folder ${folder} cannot be locked (${String(cause)})`, {
      hint: 'Choose another with --data DIR.',
      cause,
    })
  }
}

/** The record that the folder's owner wrote, if any. @throws DATA_FOLDER_UNUSABLE when it may not be read. */
export async function readRunning(folder: string): Promise<RunningPlatform | undefined> {
  try {
    return RunningPlatform.parse(JSON.parse(await readFile(dataPaths(folder).running, 'utf8')))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined
    throw new PlatformError('DATA_FOLDER_UNUSABLE', `the data folder ${folder} cannot be read (${reason(error)})`, {
      hint: 'Run the command as the user who started the platform.',
      cause: error,
    })
  }
}

/** Publishes the address of this platform. */
export async function writeRunning(folder: string, running: RunningPlatform): Promise<void> {
  await writeFile(dataPaths(folder).running, `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 })
}

/**
 * The HS256 secret that signs and verifies tokens: 32 random bytes as hex, created on first use, readable by the owner
 * only.
 */
export async function readSecret(folder: string): Promise<string> {
  const { secret } = dataPaths(folder)
  return (await secretIn(secret)) ?? makeSecret(folder, secret)
}

async function secretIn(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

async function makeSecret(folder: string, secret: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = `${secret}.${randomUUID()}`
  try {
    await writeFile(draft, randomBytes(32).toString('hex'), { mode: 0o600 })
    // Linked atomically: of several processes that start at once none reads half a secret.
    await link(draft, secret)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await rm(draft, { force: true })
  }
  return (await readFile(secret, 'utf8')).trim()
}
