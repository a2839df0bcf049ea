import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import type { Config } from '../../platform/config.ts'
import { PlatformError } from '../../platform/errors.ts'
import { runScript } from '../registry.ts'
import { Finding, type Finding as FindingOf } from './finding.ts'

/** How long all that is read inside may take in ms, with connecting and closing. */
const insideMs = 3_500

const Told = z.array(Finding.extend({ code: z.custom<PlatformError['code']>(value => typeof value === 'string') }))

/**
 * The troubles that the platform itself knows of, within a few seconds; failing to get them is another trouble. With
 * `service` only what a student would notice.
 */
export async function lookInside(config: Config, service: boolean, signal: AbortSignal): Promise<FindingOf[]> {
  const over = new AbortController()
  const late = sleep(insideMs, undefined, { signal: over.signal }).then(() => [
    notTold(`no answer within ${insideMs / 1_000} s`, 'learnflow logs; if it stays so: learnflow down, learnflow up'),
  ])
  const looked = toldInside(config, service, AbortSignal.any([signal, over.signal]))
  looked.catch(() => {})
  return Promise.race([looked, late]).finally(() => over.abort())
}

async function toldInside(config: Config, service: boolean, signal: AbortSignal): Promise<FindingOf[]> {
  try {
    const { data } = await runScript('incident-triage/troubles', { service }, { config, signal })
    return Told.parse((data as { findings: unknown }).findings)
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error
    return [notTold(error.message, error.hint, error.code)]
  }
}

const notTold = (evidence: string, fix: string, code: PlatformError['code'] = 'DEPENDENCY_DOWN'): FindingOf => ({
  code,
  cause: 'the platform cannot tell its troubles',
  evidence,
  fix,
})
