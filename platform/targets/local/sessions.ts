import { readdir, readFile, readlink } from 'node:fs/promises'
import { Client } from 'pg'
import { postgresUrl } from '../../engines/postgres.ts'
import { hasCode } from '../../errors.ts'
import type { ProcessState } from '../../ports/supervisor.ts'
import type { Trouble } from '../trouble.ts'
import type { Topology } from './layout.ts'

const limitMs = 1_500
/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const tooManyConnections = '53300'

/**
 * Whether PostgreSQL still takes connections, and who holds them if it does not. It cannot be asked then, so its
 * clients are found by their sockets, where the system shows those.
 */
export async function sessionTroubles(
  { postgres }: Pick<Topology, 'postgres'>,
  states: readonly ProcessState[],
): Promise<Trouble[]> {
  if (!(await isFull(postgres))) return []
  const holders = await clientsOf(postgres.port)
  const [[pid, count] = [0, 0]] = holders
  const own = states.find(state => state.pid === pid)
  const said = pid === 0 ? 'its clients cannot be seen by this user' : `process ${pid} holds ${count}`
  return [
    {
      code: 'DEPENDENCY_DOWN',
      cause: 'all connections of PostgreSQL are used',
      evidence: `${said}${own === undefined ? '' : `: ${own.name}`}`,
      fix: pid === 0 ? 'learnflow postgres remove; learnflow postgres deploy' : `kill ${pid}`,
    },
  ]
}

async function isFull(postgres: Topology['postgres']): Promise<boolean> {
  const client = new Client({
    connectionString: postgresUrl({ folder: '', ...postgres }),
    connectionTimeoutMillis: limitMs,
    application_name: 'learnflow',
  })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
    return false
  } catch (error) {
    return hasCode(error, tooManyConnections)
  }
}

/** The processes with connections to this port and how many each has, the most first. */
async function clientsOf(port: number): Promise<[pid: number, count: number][]> {
  if (process.platform !== 'linux') return []
  const sockets = new Set(await socketsTo(port))
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const counts = await Promise.all(
    pids.map(async (pid): Promise<[number, number]> => {
      const links = await openFiles(`/proc/${pid}/fd`)
      return [Number(pid), links.filter(link => sockets.has(link)).length]
    }),
  )
  return counts.filter(([, count]) => count > 0).toSorted(([, one], [, other]) => other - one)
}

/** proc_net_tcp(5): the third field is the remote address with its port in hex, the tenth the socket's inode. */
async function socketsTo(port: number): Promise<string[]> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map(async file => readFile(file, 'utf8').catch(() => '')),
  )
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return tables
    .flatMap(table => table.split('\n'))
    .map(line => line.trim().split(/\s+/))
    .flatMap(fields => (fields[2]?.endsWith(end) === true ? [`socket:[${fields[9] ?? ''}]`] : []))
}

/** Empty for a process that has ended or belongs to another user. */
async function openFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return Promise.all(names.map(async name => readlink(`${folder}/${name}`).catch(() => '')))
}
