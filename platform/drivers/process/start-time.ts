import { readFile } from 'node:fs/promises'
import { hasCode } from '../../errors.ts'
import { execa } from 'execa'

interface ProcessStat {
  /** The letter that the system has for what the process does. */
  state: string
  start: string
}

/**
 * The time at which the system started process `pid` (an opaque text); undefined when there is none, or only its
 * zombie.
 */
export async function processStartTime(pid: number): Promise<string | undefined> {
  const stat = await statOf(pid)
  return stat === undefined || stat.state === 'Z' || stat.state === 'X' ? undefined : stat.start
}

/** Whether a signal (SIGSTOP) has made the process stand still. */
export const isPaused = async (pid: number): Promise<boolean> => (await statOf(pid))?.state === 'T'

const statOf = async (pid: number): Promise<ProcessStat | undefined> =>
  process.platform === 'linux' ? statFromProc(pid) : statFromPs(pid)

/**
 * proc_pid_stat(5): the name in brackets may contain any character, the state is the first field after it, the start
 * time the twentieth.
 */
async function statFromProc(pid: number): Promise<ProcessStat | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', start: fields[19] ?? '' }
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined
    throw error
  }
}

async function statFromPs(pid: number): Promise<ProcessStat | undefined> {
  const { stdout, exitCode } = await execa('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { reject: false })
  const [state = '', ...start] = stdout.trim().split(/\s+/)
  return exitCode !== 0 || start.length === 0 ? undefined : { state: state.slice(0, 1), start: start.join(' ') }
}
