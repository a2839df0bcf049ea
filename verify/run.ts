import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import { type Check, type Finding, openProbe, type Probe } from './check.ts'
import { type Fault, withFault } from './fault.ts'
import { faults } from './faults/all.ts'
import { inParallel } from './parallel.ts'
import { startThrowaway, temporaryFolder } from './throwaway.ts'

/** Throwaway platforms with a fault that run at once. */
const atOnce = 2
const checksFolder = join(import.meta.dirname, 'checks')

/** One line of output. */
export interface Line extends Finding {
  id: string
  claim: string
  /** The check could not measure. That fails it; but only a fault that silences the platform is noticed by it. */
  silent?: true
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
    return { id, claim, ok: false, silent: true, measured: error instanceof PlatformError ? `${error.code}: ${error.message}` : String(error) }
  }
}

const table = (word: string, { id, claim, measured }: Line): string => `${word.padEnd(6)} ${id.padEnd(20)} ${claim}: ${measured}`

/** Measures the platform of `folder`. `onLine` hears each line as it comes; `operate` runs scripts where that is not done by an owner of the folder. */
export async function verify(folder: string, select: readonly string[], onLine: (line: string) => void, operate?: Probe['operate']): Promise<VerifyResult> {
  const probe = await openProbe(folder, readConfig().LEARNFLOW_JWT_ISSUER, operate)
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
 * sleeping when it passes all the same, or when it could not measure at all and the fault is not one that silences the platform: then it
 * would fail for any reason. The user's platform is not touched.
 */
export async function verifyNegative(select: readonly string[], onLine: (line: string) => void): Promise<VerifyResult> {
  const checks = await selectChecks(select)
  await using place = await temporaryFolder()
  const template = join(place.path, 'template')
  await prepare(template)
  const lines: string[] = []
  let caught = 0
  const controls = [...Map.groupBy(checks, check => check.fault)].map(([name, group]) => async () => {
    const silences = (faults[name] as Fault).silences === true
    await withFault(name, template, async probe => {
      for (const check of group) {
        const line = await runCheck(check, probe)
        const noticed = !line.ok && (silences || line.silent !== true)
        if (noticed) caught += 1
        const text = table(noticed ? 'caught' : 'MISSED', { ...line, claim: `with ${name}` })
        lines.push(text)
        onLine(text)
      }
    })
  })
  await inParallel(controls, atOnce)
  return { lines, passed: caught, failed: checks.length - caught, skipped: 0, ok: caught === checks.length, total: `caught ${caught} of ${checks.length}` }
}

/** A data folder with everything migrated, so that each fault starts from a copy. */
async function prepare(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await using platform = await startThrowaway({ folder })
  void platform
}
