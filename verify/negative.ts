import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Check, Probe } from './check.ts'
import { withFault } from './fault.ts'
import type { FaultName } from './faults/all.ts'
import type { Fault } from './faults/fault.ts'
import { faults } from './faults/all.ts'
import { withLocalFault } from './faults/local.ts'
import { type Outage, runOutage } from './outage.ts'
import { outages } from './outages/all.ts'
import { inParallel } from './parallel.ts'
import { runCheck, selectChecks, table, type VerifyResult, wordOf } from './run.ts'
import { type LocalTestPlatform, type OperateOn, startLocalTestPlatform } from './test-platform-local.ts'
import { startTestPlatform, temporaryFolder } from './test-platform.ts'

/** Throwaway platforms with a fault that run at once; of those with real engines there is one. */
const atOnce = 2

type WithFault = (name: FaultName, use: (probe: Probe) => Promise<void>) => Promise<void>

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
  return await control(checks, async (name, use) => withFault(name, template, use), atOnce, onLine)
}

/** What is broken on real engines: checks that must notice, and outages that must be borne; with `quick` only the short ones of these. */
export interface LocalChoice {
  select: readonly string[]
  quick: boolean
}

/** The same on real engines, one fault after the other on one platform, and then every outage. @throws NOT_FOUND when nothing is called so. */
export async function verifyNegativeLocal(
  { select, quick }: LocalChoice,
  onLine: (line: string) => void,
  operateOn: OperateOn,
): Promise<VerifyResult> {
  const borne = outages.filter(
    outage =>
      (outage.quick === true || !quick) && (select.length === 0 || select.some(wanted => outage.id.startsWith(wanted))),
  )
  const checks = await selectChecks(select).catch((error: unknown) => {
    if (borne.length === 0) throw error
    return []
  })
  await using platform = await startLocalTestPlatform({ operateOn })
  const caught = await control(checks, async (name, use) => withLocalFault(name, platform, operateOn, use), 1, onLine)
  const held = await bear(borne, platform, onLine)
  return {
    lines: [...caught.lines, ...held.lines],
    passed: caught.passed + held.passed,
    failed: caught.failed + held.failed,
    skipped: held.skipped,
    failures: [...caught.failures, ...held.failures],
    late: held.late,
    ok: caught.ok && held.ok,
    total: `${caught.total}, ${held.total}`,
  }
}

async function control(
  checks: readonly Check[],
  withFault: WithFault,
  width: number,
  onLine: (line: string) => void,
): Promise<VerifyResult> {
  const lines: string[] = []
  const missed: string[] = []
  const controls = [...Map.groupBy(checks, check => check.fault)].map(([name, group]) => async () => {
    const silences = (faults[name] as Fault).silences === true
    await withFault(name, async probe => {
      for (const check of group) {
        const line = await runCheck(check, probe)
        const noticed = !line.ok && (silences || line.silent !== true)
        const text = table(noticed ? 'caught' : 'MISSED', { ...line, claim: `with ${name}` })
        if (!noticed) missed.push(text)
        lines.push(text)
        onLine(text)
      }
    })
  })
  await inParallel(controls, width)
  const caught = checks.length - missed.length
  return {
    lines,
    passed: caught,
    failed: missed.length,
    skipped: 0,
    failures: missed,
    late: 0,
    ok: missed.length === 0,
    total: `caught ${caught} of ${checks.length}`,
  }
}

/** A data folder with everything migrated, so that each fault starts from a copy. */
async function prepare(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await using platform = await startTestPlatform({ folder })
  void platform
}

/** The outages, one after the other under load; those of another engine are passed over. */
async function bear(
  chosen: readonly Outage[],
  platform: LocalTestPlatform,
  onLine: (line: string) => void,
): Promise<VerifyResult> {
  const lines: string[] = []
  const failures: string[] = []
  const fitting = chosen.filter(({ engine }) => engine === undefined || engine === platform.topology.engine)
  let held = 0
  for (const outage of fitting) {
    const found = await runOutage(outage, platform)
    const word = wordOf(found, 'held')
    if (word === 'held') held += 1
    const text = table(word, { ...outage, ...found })
    if (word === 'FAIL') failures.push(text)
    lines.push(text)
    onLine(text)
  }
  const total = `held ${held} of ${fitting.length}`
  return {
    lines,
    passed: held,
    failed: fitting.length - held,
    skipped: chosen.length - fitting.length,
    failures,
    late: fitting.length - held - failures.length,
    ok: held === fitting.length,
    total,
  }
}
