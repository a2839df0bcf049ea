import { openSupervisor } from '../../open.ts'
import type { Supervisor } from '../../ports/supervisor.ts'
import { localPaths, type Topology } from './layout.ts'

/** What is needed to start one of the platform's own processes. `entry` is the file of the `learnflow` command. */
export interface Home {
  folder: string
  topology: Topology
  supervisor: Supervisor
  entry: string
}

/** The supervisor of every process of a `local` platform. */
export const localSupervisor = (folder: string): Supervisor => openSupervisor(localPaths(folder).processes)

/** The `Home` of the processes of this topology. */
export const homeOf = (folder: string, topology: Topology, entry: string): Home => ({
  folder,
  topology,
  supervisor: localSupervisor(folder),
  entry,
})
