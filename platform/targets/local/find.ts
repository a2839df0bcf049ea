import type { RunningPlatform } from '../../owner/data-folder.ts'
import type { ProcessState } from '../../ports/supervisor.ts'
import { type Found, healthOf, isReady, isUp } from '../running.ts'
import { localSupervisor } from './home.ts'
import { processKindOf } from './instances.ts'
import { namesOf } from './members.ts'
import { processNames, readTopology } from './topology.ts'

/** Of several API processes the healthiest one represents the platform; there is one while any of them runs. */
export async function findLocal(folder: string, running: RunningPlatform): Promise<Found | undefined> {
  const apis = (await readTopology(folder))?.members.filter(({ role }) => role === 'api') ?? []
  const states = await Promise.all(apis.map(async ({ name }) => localSupervisor(folder).status(name)))
  if (!states.some(isUp)) return undefined
  const all = await Promise.all(
    [running.url, ...(running.also ?? [])].map(async (url, at) => ({
      running: { ...running, url, pid: states[at]?.pid ?? 0 },
      health: await healthOf(url),
    })),
  )
  return all.find(isReady) ?? all.find(({ health }) => health !== undefined) ?? all[0]
}

/** The state of every process that was started here, except those that were scaled away. */
export async function localProcesses(folder: string): Promise<ProcessState[]> {
  const topology = await readTopology(folder)
  if (topology === undefined) return []
  const [supervisor, own] = [localSupervisor(folder), topology.members.flatMap(instance => namesOf(instance, topology))]
  const states = await Promise.all((await processNames(folder)).map(async name => supervisor.status(name)))
  return states.filter(state => isUp(state) || own.includes(state.name) || processKindOf(state.name) === 'engine')
}
