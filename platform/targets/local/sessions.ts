import { Client } from 'pg'
import { postgresUrl } from '../../engines/postgres.ts'
import { hasCode } from '../../errors.ts'
import type { ProcessState } from '../../ports/supervisor.ts'
import type { Trouble } from '../trouble.ts'
import { clientsOf, programOf } from './sockets.ts'
import type { Topology } from './layout.ts'

const limitMs = 1_500
/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const sqlStates = { tooManyConnections: '53300', wrongPassword: '28P01' } as const
/** More connections to the brokers than this are no use of one process. */
const manyConnections = 100

/**
 * Whether PostgreSQL lets this platform in, and who holds its connections if it has none left. It cannot be asked then, so its
 * clients are found by their sockets, where the system shows those.
 */
export async function sessionTroubles(
  { postgres }: Pick<Topology, 'postgres'>,
  states: readonly ProcessState[],
): Promise<Trouble[]> {
  const refusal = await refusalOf(postgres)
  if (hasCode(refusal, sqlStates.wrongPassword)) return [passwordTrouble]
  if (!hasCode(refusal, sqlStates.tooManyConnections)) return []
  const holders = await clientsOf([postgres.port])
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

const passwordTrouble: Trouble = {
  code: 'DEPENDENCY_DOWN',
  cause: 'PostgreSQL refuses the password of this platform',
  evidence: 'somebody has changed it in the database or in local.json: who connects anew is refused',
  fix: 'learnflow postgres deploy',
}

/** A process that opens connections to the brokers and never closes them; in the end they take no more. */
export async function leakTroubles({ kafka }: Pick<Topology, 'kafka'>): Promise<Trouble[]> {
  const ports = kafka.map(({ port }) => port)
  const [[pid, count] = [0, 0]] = await clientsOf(ports)
  if (count < manyConnections) return []
  return [
    {
      code: 'CHECK_FAILED',
      cause: `a process keeps ${count} connections to the brokers`,
      evidence: `process ${pid}, ${await programOf(pid)}; a program of this platform needs fewer than ${manyConnections}`,
      fix: `kill ${pid}`,
    },
  ]
}

/** Why PostgreSQL lets nobody in; undefined when it does. */
async function refusalOf(postgres: Topology['postgres']): Promise<unknown> {
  const client = new Client({
    connectionString: postgresUrl({ folder: '', ...postgres }),
    connectionTimeoutMillis: limitMs,
    application_name: 'learnflow',
  })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
    return undefined
  } catch (error) {
    return error
  }
}
