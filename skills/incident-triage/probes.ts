import { setTimeout as sleep } from 'node:timers/promises'
import { PlatformError } from '../../platform/errors.ts'
import type { Finding } from './finding.ts'

/** A question to the platform; `what` names in the plural what it reads. */
export interface Probe {
  what: string
  look(signal: AbortSignal): Promise<Finding[]>
}

/**
 * Asks all at once, each with its own deadline in ms. What could not be read is one finding more, the last, so that a
 * platform in ruins still gives a partial answer in time.
 */
export async function lookAll(probes: readonly Probe[], limitMs: number, signal: AbortSignal): Promise<Finding[]> {
  const seen = await Promise.all(probes.map(async probe => lookOnce(probe, limitMs, signal)))
  const unread = seen.flatMap((found, at) => (Array.isArray(found) ? [] : [{ ...found, what: probes[at]?.what ?? '' }]))
  const findings = seen.flatMap(found => (Array.isArray(found) ? found : []))
  const [first] = unread
  if (first === undefined) return findings
  const what = unread.map(one => one.what).join(', ')
  return [...findings, { code: 'DEPENDENCY_DOWN', cause: `not read: ${what}`, evidence: first.why, fix: first.hint }]
}

async function lookOnce(
  { look }: Probe,
  limitMs: number,
  signal: AbortSignal,
): Promise<Finding[] | { why: string; hint: string }> {
  const over = new AbortController()
  try {
    const late = sleep(limitMs, undefined, { signal: over.signal }).then(() => ({
      why: `no answer within ${limitMs / 1_000} s`,
      hint: 'learnflow status; then learnflow logs --level error',
    }))
    // After its deadline nobody waits for it.
    const looked = look(AbortSignal.any([signal, over.signal]))
    looked.catch(() => {})
    return await Promise.race([looked, late])
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error
    return { why: error.message, hint: error.hint }
  } finally {
    over.abort()
  }
}
