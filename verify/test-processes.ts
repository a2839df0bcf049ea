import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { localPaths } from '../platform/targets/local/layout.ts'
import { processNames } from '../platform/targets/local/topology.ts'
import { openSupervisor } from '../platform/open.ts'

/**
 * The pid of a process's watcher, which the `Supervisor` port does not return because only tests that break things need
 * it.
 */
const Watched = z.object({ watcher: z.number().int(), pid: z.number().int().optional() })

export const watchedBy = async (folder: string, name: string): Promise<z.infer<typeof Watched>> =>
  Watched.parse(JSON.parse(await readFile(join(localPaths(folder).processes, `${name}.state.json`), 'utf8')))

/** The pid of the process that starts killed watchers again. */
export const keeperOf = async (folder: string): Promise<number> =>
  Number(await readFile(join(localPaths(folder).processes, 'keeper.pid'), 'utf8'))

/** Continues every process that was stopped by a signal, so that it can react to being asked to end. */
export async function release(folder: string): Promise<void> {
  for (const name of await processNames(folder)) {
    const { watcher, pid } = await watchedBy(folder, name)
    for (const id of [watcher, pid]) if (id !== undefined) sendIfThere(id, 'SIGCONT')
  }
}

/** Kills what `down` could not end. */
export async function killLeft(folder: string): Promise<void> {
  const supervisor = openSupervisor(localPaths(folder).processes)
  for (const name of await processNames(folder)) await supervisor.stop(name, 0)
}

function sendIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
