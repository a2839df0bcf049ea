import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import { type Check, type Finding, openProbe, type Probe } from './check.ts'
import { withFault } from './fault.ts'
import { startThrowaway, temporaryFolder } from './throwaway.ts'

const checksFolder = join(import.meta.dirname, 'checks')

/** One line of output. */
export interface Line extends Finding {
  id: string
  claim: string
}

export interface VerifyResult {
  lines: string[]
  passed: number
  failed: number
  skipped: number
  ok: boolean
  /** The last line: counts that a machine can read. */
  total: string
}

/** All checks, or those whose id is, or begins with, one of `select`. @throws NOT_FOUND naming what there is. */
export async function selectChecks(select: readonly string[]): Promise<Check[]> {
  const files = (await readdir(checksFolder)).filter(name => /\.(ts|js)$/.test(name)).toSorted()
  const all = (await Promise.all(files.map(async file => (await import(join(checksFolder, file))) as { default: Check[] }))).flatMap(module => module.default)
  const chosen = all.filter(
    check => select.length === 0 || select.some(wanted => check.id === wanted || check.id.startsWith(`${wanted}.`) || check.id.startsWith(wanted)),
  )
  if (chosen.length === 0)
    throw new PlatformError('NOT_FOUND', `no check is called ${select.join(' or ')}`, { hint: `There are: ${all.map(check => check.id).join(', ')}.` })
  return chosen
}

/** A check that cannot measure has failed: it never passes for want of an answer. */
async function runCheck(check: Check, probe: Probe): Promise<Line> {
  const { id, claim } = check
  try {
    return { id, claim, ...(await check.run(probe)) }
  } catch (error) {
    return { id, claim, ok: false, measured: error instanceof PlatformError ? `${error.code}: ${error.message}` : String(error) }
  }
}

const table = (word: string, { id, claim, measured }: Line): string => `${word.padEnd(6)} ${id.padEnd(20)} ${claim}: ${measured}`

/** Measures the platform that owns `folder`. `onLine` hears each line as it comes. */
export async function verify(folder: string, select: readonly string[], onLine: (line: string) => void): Promise<VerifyResult> {
  const probe = await openProbe(folder, readConfig().LEARNFLOW_JWT_ISSUER)
  const found: Line[] = []
  for (const check of await selectChecks(select)) {
    const line = await runCheck(check, probe)
    found.push(line)
    onLine(table(line.ok ? 'ok' : 'FAIL', line))
  }
  const failed = found.filter(line => !line.ok).length
  return {
    lines: found.map(line => table(line.ok ? 'ok' : 'FAIL', line)),
    passed: found.length - failed,
    failed,
    skipped: 0,
    ok: failed === 0,
    total: `${found.length - failed} passed, ${failed} failed, 0 skipped`,
  }
}

/** The same against a platform made for it and removed afterwards. */
export async function verifyThrowaway(select: readonly string[], onLine: (line: string) => void): Promise<VerifyResult> {
  await using place = await temporaryFolder()
  await using platform = await startThrowaway({ folder: place.path })
  return await verify(platform.folder, select, onLine)
}

/**
 * The negative controls: every check against a throwaway platform that has the fault it is there to notice. A check is caught
 * sleeping when it passes all the same. The user's platform is not touched.
 */
export async function verifyNegative(select: readonly string[], onLine: (line: string) => void): Promise<VerifyResult> {
  const checks = await selectChecks(select)
  await using place = await temporaryFolder()
  const template = join(place.path, 'template')
  await prepare(template)
  const found: Line[] = []
  for (const [fault, group] of Map.groupBy(checks, check => check.fault)) {
    const lines = await withFault(fault, template, async probe => {
      const results: Line[] = []
      for (const check of group) results.push(await runCheck(check, probe))
      return results
    })
    for (const line of lines) onLine(table(line.ok ? 'MISSED' : 'caught', { ...line, claim: `with ${fault}` }))
    found.push(...lines)
  }
  const caught = found.filter(line => !line.ok).length
  const lines = found.map(line => table(line.ok ? 'MISSED' : 'caught', line))
  return { lines, passed: caught, failed: found.length - caught, skipped: 0, ok: caught === found.length, total: `caught ${caught} of ${found.length}` }
}

/** A data folder with everything migrated, so that each fault starts from a copy. */
async function prepare(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await using platform = await startThrowaway({ folder })
  void platform
}
