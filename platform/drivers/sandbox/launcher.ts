import { access, readFile } from 'node:fs/promises'
import { constants } from 'node:fs'
import { execa } from 'execa'

/** The start of a command line that reduces the rights of the command, as far as this machine allows. */
export interface Launcher {
  command: readonly string[]
}

const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']
// No core dumps, no file writes, few open files; the rest is the data size that a process may need beside its 50 MB
// heap: code, stacks, V8's own.
const limits = ['--core=0', '--fsize=0', '--nofile=128']
const dataMegabytes = 3072
const processes = 128

let found: Promise<Launcher> | undefined

/**
 * Tries each tool of util-linux once: without network, without a way to gain rights, with limits. Other systems have
 * none of them.
 */
export async function launcher(): Promise<Launcher> {
  found ??= find()
  return found
}

async function find(): Promise<Launcher> {
  const root = process.getuid?.() === 0
  const wrappers: [string, ...string[]][][] = [
    [
      ['unshare', '--net', '--ipc', '--uts', '--'],
      ['unshare', '--user', '--net', '--ipc', '--uts', '--'],
    ],
    [['setpriv', '--no-new-privs', '--']],
    // The process limit counts all processes of a user, so it is only set when each interpreter has its own user.
    [['prlimit', ...limits, `--data=${dataMegabytes * 2 ** 20}`, ...(root ? [`--nproc=${processes}`] : []), '--']],
  ]
  let command: string[] = []
  for (const alternatives of wrappers) {
    for (const [name, ...args] of alternatives) {
      const tool = await pathOf(name)
      if (tool === undefined) continue
      const longer = [...command, tool, ...args]
      if (!(await works(longer))) continue
      command = longer
      break
    }
  }
  return { command }
}

async function pathOf(name: string): Promise<string | undefined> {
  for (const folder of folders) {
    const path = `${folder}/${name}`
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path
  }
  return undefined
}

async function works([tool = '', ...args]: readonly string[]): Promise<boolean> {
  const { failed } = await execa(tool, [...args, process.execPath, '--version'], {
    reject: false,
    stdio: 'ignore',
    timeout: 10_000,
  })
  return !failed
}

/** Whether the kernel applies our limits to the process. */
export async function isLimited(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/limits`, 'utf8').catch(() => '')
  return /^Max file size\s+0\s+0\s/m.test(text) && /^Max core file size\s+0\s+0\s/m.test(text)
}
