import { setTimeout as sleep } from 'node:timers/promises'
import { PlatformError } from '../../errors.ts'
import type { Resource } from '../../ports/cluster.ts'
import { readOne, type Tools } from './apply.ts'
import { progressOf } from './progress.ts'
import { reasonsOf } from './reasons.ts'

const pollMs = 500
/** A reason that stays this long is the answer. */
const patienceMs = 8_000
const maxReasons = 2

/** Waits for every workload at once. @throws CHECK_FAILED */
export async function untilRolledOut(tools: Tools, resources: readonly Resource[], seconds: number): Promise<void> {
  const stop = new AbortController()
  const end = performance.now() + seconds * 1_000
  try {
    await Promise.all(resources.map(async resource => untilOne(tools, resource, end, stop.signal)))
  } finally {
    stop.abort()
  }
}

async function untilOne(tools: Tools, resource: Resource, end: number, stop: AbortSignal): Promise<void> {
  const what = tools.kinds.name(await tools.kinds.demand(resource), resource)
  let staysSince: number | undefined
  while (!stop.aborted) {
    const now = await readOne(tools, resource)
    if (now === undefined) throw failed(what, 'it is not there')
    const progress = progressOf(now)
    if (progress.done) return
    const reasons = await reasonsOf(tools, now)
    staysSince = reasons.some(({ stays }) => stays) ? (staysSince ?? performance.now()) : undefined
    const stuck = staysSince !== undefined && performance.now() - staysSince > patienceMs
    if (progress.final === true || stuck || performance.now() > end)
      throw failed(what, [progress.what, ...new Set(reasons.map(({ why }) => why))].slice(0, 1 + maxReasons).join('; '))
    await sleep(pollMs)
  }
}

const failed = (what: string, why: string): PlatformError =>
  new PlatformError('CHECK_FAILED', `${what} does not come: ${why}`, {
    hint: 'Mend what it says and apply again; kubectl describe tells more.',
  })
