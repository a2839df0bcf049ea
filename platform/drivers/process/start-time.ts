import { readFile } from 'node:fs/promises'
import { hasCode } from '../../errors.ts'
import { execa } from 'execa'

/**
 * The time at which the system started process `pid` (an opaque text); undefined when there is none, or only its
 * zombie.
 */
export async function processStartTime(pid: number): Promise<string | undefined> {
  return process.platform === 'linux' ? startTimeFromProc(pid) : startTimeFromPs(pid)
}

/**
 * proc_pid_stat(5): the name in brackets may contain any character, the state is the first field after it, the start
 * time the twentieth.
 */
async function startTimeFromProc(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined
    throw error
  }
}

async function startTimeFromPs(pid: number): Promise<string | undefined> {
  const { stdout, exitCode } = await execa('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { reject: false })
  const [state = '', ...start] = stdout.trim().split(/\s+/)
  return exitCode !== 0 || start.length === 0 || state.startsWith('Z') ? undefined : start.join(' ')
}
