import { setTimeout as sleep } from 'node:timers/promises'
import type * as z from 'zod'
import { readRunning, type RunningPlatform, dataPaths } from '../owner/data-folder.ts'
import { isUp } from './local/deploy.ts'
import { readTopology } from './local/topology.ts'
import { isLocked } from '../owner/lock.ts'
import { HealthReady } from '../../schemas/api.ts'
import { localSupervisor } from './local/home.ts'

/** The name of the platform's process when `up` has it supervised. */
export const supervised = 'platform'
const answerMs = 3_000

/**
 * The platform of a folder: what is recorded about it, and its current health; `health` is undefined when it does not
 * answer.
 */
export interface Found {
  running: RunningPlatform
  health: z.infer<typeof HealthReady> | undefined
}

/** The platform on this folder, undefined when none runs. The record of a dead one does not count. */
export async function findPlatform(folder: string): Promise<Found | undefined> {
  const running = await readRunning(folder)
  if (running?.target === 'local') return findMany(folder, running)
  if (running === undefined || !isLocked(dataPaths(folder).lock)) return undefined
  return { running, health: await healthOf(running.url) }
}

/** Of several API processes the healthiest one represents the platform; there is one while any of them runs. */
async function findMany(folder: string, running: RunningPlatform): Promise<Found | undefined> {
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

/** The health that the API at this address reports; undefined when it does not answer. */
export async function healthOf(url: string): Promise<Found['health']> {
  try {
    const reply = await fetch(new URL('/health/ready', url), { signal: AbortSignal.timeout(answerMs) })
    return HealthReady.parse(await reply.json())
  } catch {
    // No answer, or not one of ours: the caller reports both as no answer.
    return undefined
  }
}

export const isReady = (found: Found | undefined): found is Found => found?.health?.status === 'ready'

/** Polls every 100 ms until `done` or the time is over; returns whether it was done. */
export async function pollUntil(done: () => Promise<boolean>, limitMs: number, signal: AbortSignal): Promise<boolean> {
  for (const end = performance.now() + limitMs; performance.now() < end;) {
    if (await done()) return true
    await sleep(100, undefined, { signal })
  }
  return done()
}

/** `3 s`, `12 min`, `5 h`, `9 d`. */
export function age(since: string): string {
  const seconds = Math.max(0, (Date.now() - Date.parse(since)) / 1_000)
  if (seconds < 120) return `${seconds.toFixed(0)} s`
  if (seconds < 7_200) return `${(seconds / 60).toFixed(0)} min`
  return seconds < 172_800 ? `${(seconds / 3_600).toFixed(0)} h` : `${(seconds / 86_400).toFixed(0)} d`
}
