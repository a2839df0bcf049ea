import { chmod, chown, mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { Client } from 'pg'
import { hasCode, PlatformError } from '../errors.ts'
import type { Engine } from './engine.ts'
import { nearestFolder } from '../owner/folder-place.ts'
import { findProgram } from './find.ts'
import { type Owner, untilReady } from './program.ts'

export interface PostgresOptions {
  folder: string
  port: number
  /** The superuser's password; the server listens on loopback only. */
  password: string
}

const user = 'learnflow'
/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const wrongPassword = '28P01'

/** Where clients connect. */
export const postgresUrl = ({ port, password }: PostgresOptions): string =>
  `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`

/**
 * One PostgreSQL on loopback. It refuses to run as root: then the server and its folder belong to the user `postgres`,
 * who must be able to reach the folder.
 */
export async function postgresEngine(options: PostgresOptions): Promise<Engine> {
  const server = await findProgram('postgres')
  if (server === undefined)
    throw new PlatformError('NOT_RUNNING', 'PostgreSQL is not installed', { hint: 'apt-get install -y postgresql' })
  const { folder, port } = options
  const data = join(folder, 'data')
  const owner = await unprivileged()
  let refused = false
  return {
    name: 'postgres',
    ports: { postgres: port },
    programs: [
      {
        name: 'postgres',
        command: server,
        // Segments of the write-ahead log that are no longer needed go, with what was erased, and are not used again.
        args: ['-D', data, '-p', String(port), '-c', 'wal_recycle=off'],
        folder,
        // On SIGTERM it waits until its clients have left; on SIGINT it disconnects them.
        stopSignal: 'SIGINT',
        ...(owner === undefined ? {} : { owner }),
      },
    ],
    async damaged() {
      refused = await refusesPassword(postgresUrl(options))
      return refused ? ['postgres'] : []
    },
    async prepare() {
      await mkdir(data, { recursive: true })
      if (owner !== undefined) for (const own of [folder, data]) await chown(own, owner.uid, owner.gid)
      await chmod(data, 0o700)
      if ((await readdir(data)).length === 0) await initialise(join(dirname(server), 'initdb'), options, data, owner)
      else if (refused) await setPassword(server, options, data, owner)
    },
    settle: async processes => untilReady('postgres', processes, 30, async () => answers(postgresUrl(options))),
  }
}

async function initialise(
  initdb: string,
  { folder, password }: PostgresOptions,
  data: string,
  owner: Owner | undefined,
): Promise<void> {
  const secret = join(folder, 'password')
  await writeFile(secret, password, { mode: 0o600 })
  if (owner !== undefined) await chown(secret, owner.uid, owner.gid)
  const args = [
    '-D',
    data,
    '-U',
    user,
    '--pwfile',
    secret,
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--locale',
    'C',
    '--no-instructions',
  ]
  await execa(initdb, args, { cwd: folder, ...owner }).catch((cause: unknown) => {
    throw new PlatformError('DEPENDENCY_DOWN', `initdb failed in ${data}: ${(cause as Error).message.slice(0, 500)}`, {
      hint: 'The user that PostgreSQL runs as must be able to reach and own that folder.',
      cause,
    })
  })
  const settings = [
    "listen_addresses = '127.0.0.1'",
    "unix_socket_directories = ''",
    'max_connections = 200',
    "timezone = 'UTC'",
    'fsync = on',
  ]
  await writeFile(join(data, 'postgresql.auto.conf'), `${settings.join('\n')}\n`)
  if (owner !== undefined) await chown(join(data, 'postgresql.auto.conf'), owner.uid, owner.gid)
}

/** Whether a server that runs refuses the password; one that does not answer refuses nothing. */
async function refusesPassword(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
    return false
  } catch (error) {
    return hasCode(error, wrongPassword)
  }
}

/**
 * Sets the superuser's password in the data of a server that is stopped, where nobody has to log in. Source:
 * https://www.postgresql.org/docs/current/app-postgres.html, single-user mode.
 */
async function setPassword(
  server: string,
  { folder, password }: PostgresOptions,
  data: string,
  owner: Owner | undefined,
): Promise<void> {
  const input = `alter user ${user} password '${password.replaceAll("'", "''")}'\n`
  await execa(server, ['--single', '-D', data, 'postgres'], { cwd: folder, input, ...owner })
}

/**
 * The folder at which the user that PostgreSQL runs as cannot pass on the way to `folder`, tried as that user; undefined
 * when nothing is in the way, and when this process is not root.
 */
export async function unreachableFor(folder: string): Promise<string | undefined> {
  const owner = await unprivileged()
  if (owner === undefined) return undefined
  const place = await nearestFolder(folder)
  // The data folder itself is opened when it is used.
  for (let at = place === folder ? dirname(place) : place; ; at = dirname(at)) {
    const { exitCode } = await execa('test', ['-x', at], { ...owner, cwd: '/', reject: false })
    if (exitCode !== 0) return at
    if (dirname(at) === at) return undefined
  }
}

/** Undefined when this process is not root. @throws NOT_RUNNING when it is root and there is no user `postgres`. */
async function unprivileged(): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async flag => execa('id', [flag, 'postgres'], { reject: false })),
  )
  if (uid?.exitCode !== 0 || gid?.exitCode !== 0)
    throw new PlatformError('NOT_RUNNING', 'PostgreSQL cannot run as root, and there is no user postgres', {
      hint: 'apt-get install -y postgresql makes that user.',
    })
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 })
  try {
    await client.connect()
    return (await client.query<{ one: number }>('select 1 as one')).rows[0]?.one === 1
  } finally {
    await client.end()
  }
}
