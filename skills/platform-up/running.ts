import { setTimeout as sleep } from 'node:timers/promises'
import type * as z from 'zod'
import { readRunning, type Running, within } from '../../platform/data-folder.ts'
import { isLocked } from '../../platform/lock.ts'
import { HealthReady } from '../../schemas/api.ts'

/** The name under which `up` has the platform supervised. */
export const supervised = 'platform'
const answerMs = 3_000

/** A platform that owns the folder: what it wrote about itself, and what it says now; `health` is undefined when it says nothing. */
export interface Found {
  running: Running
  health: z.infer<typeof HealthReady> | undefined
}

/** The platform on this folder, undefined when none runs. What a dead one left behind is none. */
export async function findPlatform(folder: string): Promise<Found | undefined> {
  const running = await readRunning(folder)
  if (running === undefined || !isLocked(within(folder).lock)) return undefined
  return { running, health: await healthOf(running.url) }
}

async function healthOf(url: string): Promise<Found['health']> {
  try {
    const reply = await fetch(new URL('/health/ready', url), { signal: AbortSignal.timeout(answerMs) })
    return HealthReady.parse(await reply.json())
  } catch {
    // No answer, or none of ours: the caller tells it as that.
    return undefined
  }
}

export const isReady = (found: Found | undefined): found is Found => found?.health?.status === 'ready'

/** Asks every 100 ms until `done` or the time is over; says whether it was done. */
export async function until(done: () => Promise<boolean>, limitMs: number, signal: AbortSignal): Promise<boolean> {
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
