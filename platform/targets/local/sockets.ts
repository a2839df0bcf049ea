import { readdir, readFile, readlink } from 'node:fs/promises'

/** proc_net_tcp(5): the place of an address in a line, and the state of a socket that listens. */
const fields = { local: 1, remote: 2, state: 3, inode: 9 } as const
const listening = '0A'
/** 127.0.0.0/8, ::1, the same as IPv4 in IPv6, and every address of this machine. */
const loopback = /^(?:[0-9A-F]{6}7F|0{8}|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F|0{32}):/

/** The processes with connections to these ports and how many each has, the most first; empty where none can be seen. */
export const clientsOf = async (ports: readonly number[]): Promise<[pid: number, count: number][]> =>
  holdersOf(line => ports.some(port => isAt(line[fields.remote], port)))

/** The process that listens on this port of the machine; undefined when it cannot be seen. */
export async function listenerOf(port: number): Promise<number | undefined> {
  const [first] = await holdersOf(line => line[fields.state] === listening && isAt(line[fields.local], port))
  return first?.[0]
}

/** Whether this is the port on this machine; a remote host's may have the same number. */
const isAt = (address: string | undefined, port: number): boolean =>
  address !== undefined &&
  loopback.test(address) &&
  address.endsWith(`:${port.toString(16).toUpperCase().padStart(4, '0')}`)

/** The processes that have such sockets open, by the lines of proc_net_tcp(5). */
async function holdersOf(wanted: (line: readonly string[]) => boolean): Promise<[pid: number, count: number][]> {
  if (process.platform !== 'linux') return []
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map(async file => readFile(file, 'utf8').catch(() => '')),
  )
  const lines = tables.flatMap(table => table.split('\n')).map(line => line.trim().split(/\s+/))
  const sockets = new Set(lines.filter(wanted).map(line => `socket:[${line[fields.inode] ?? ''}]`))
  if (sockets.size === 0) return []
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const counts = await Promise.all(
    pids.map(async (pid): Promise<[number, number]> => {
      const links = await openFiles(`/proc/${pid}/fd`)
      return [Number(pid), links.filter(link => sockets.has(link)).length]
    }),
  )
  return counts.filter(([, count]) => count > 0).toSorted(([, one], [, other]) => other - one)
}

/** The command line of a process, shortened; `?` when it has ended. */
export async function programOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '?')
  return line.replaceAll('\0', ' ').trim().slice(0, 60)
}

/** Empty for a process that has ended or belongs to another user. */
async function openFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return Promise.all(names.map(async name => readlink(`${folder}/${name}`).catch(() => '')))
}
