import { setTimeout as sleep } from 'node:timers/promises'
import type * as z from 'zod'
import { PlatformError } from '../errors.ts'
import { readRunning, type RunningPlatform } from '../owner/data-folder.ts'
import type { ProcessState } from '../ports/supervisor.ts'
import { HealthReady } from '../../schemas/api.ts'

/** The name of the platform's process when `up` has it supervised. */
export const supervised = 'platform'
/** How long an API that lives may take to say how it is, in ms. */
const answerMs = 1_500

/**
 * The platform of a folder: what is recorded about it, and its current health; `health` is undefined when it does not
 * answer.
 */
export interface Found {
  running: RunningPlatform
  health: z.infer<typeof HealthReady> | undefined
}

/** What `find` says of the platform that is recorded in the folder; undefined when none is. */
export async function findRecorded(
  folder: string,
  find: (folder: string, running: RunningPlatform) => Promise<Found | undefined>,
): Promise<Found | undefined> {
  const running = await readRunning(folder)
  return running === undefined ? undefined : find(folder, running)
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

/** Whether a process runs or is about to run again. */
export const isUp = ({ status }: ProcessState): boolean => status === 'running' || status === 'restarting'

/** @throws DEPENDENCY_DOWN when the platform does not answer, CHECK_FAILED naming what is not ready. */
export function demandReady({ running, health }: Found, folder: string): void {
  if (health === undefined)
    throw new PlatformError(
      'DEPENDENCY_DOWN',
      `process ${running.pid} owns ${folder} but ${running.url} does not answer`,
      { hint: 'learnflow logs; if it does not recover: learnflow down, then learnflow up.' },
    )
  if (health.status === 'ready') return
  const bad = health.checks.filter(check => !check.ok).map(check => `${check.name} ${check.measured}`)
  throw new PlatformError('CHECK_FAILED', [`the platform at ${running.url} is ${health.status}`, ...bad].join('; '), {
    hint: 'learnflow logs',
  })
}

export const notRunning = (folder: string): PlatformError =>
  new PlatformError('NOT_RUNNING', `no platform runs on ${folder}`, { hint: 'learnflow up' })

/** Some of it runs, and it is not up yet. */
export const isStarting = (folder: string): PlatformError =>
  new PlatformError('CHECK_FAILED', `the platform on ${folder} is starting`, {
    hint: 'learnflow up waits until it is ready; learnflow logs tells what it does.',
  })

/** It was not ready in time and goes on starting: the only failure of `up` after which what it started stays. */
export class StillStarting extends PlatformError {
  constructor(what: string, seconds: number, log: string) {
    super('DEPENDENCY_DOWN', `${what} is not ready after ${seconds} s; it goes on starting`, {
      hint: `learnflow status says when it is ready; --wait-seconds waits longer; see ${log}.`,
    })
  }
}

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
