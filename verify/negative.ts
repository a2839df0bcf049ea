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

/** How many throwaway platforms with a fault run at once; with real engines it is one. */
const atOnce = 2

type WithFault = (name: FaultName, use: (probe: Probe) => Promise<void>) => Promise<void>

/**
 * The negative controls: runs every check against a throwaway platform that has the fault the check must notice. A
 * check is missed when it passes, or when it could not measure although the fault does not silence the platform,
 * because then it would fail for any reason. The user's platform is not touched.
 */
export async function verifyNegative(select: readonly string[], onLine: (line: string) => void): Promise<VerifyResult> {
  const checks = await selectChecks(select)
  await using place = await temporaryFolder()
  const template = join(place.path, 'template')
  await prepare(template)
  return await control(checks, async (name, use) => withFault(name, template, use), atOnce, onLine)
}

/**
 * What to break on real engines: the checks that must notice, and the outages that must be survived; with `quick` only
 * the short outages.
 */
export interface Choice {
  select: readonly string[]
  quick: boolean
}

/**
 * The same on real engines: one fault after the other on one platform, then every outage. @throws NOT_FOUND when
 * nothing has that name.
 */
async function verifyNegativeLocal(
  { select, quick }: Choice,
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

/** How a platform is broken, by target. */
export const negatives = {
  embedded: async ({ select }: Choice, onLine: (line: string) => void) => verifyNegative(select, onLine),
  local: verifyNegativeLocal,
} as const
export type NegativeTarget = keyof typeof negatives

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

/** A migrated data folder that each fault starts from a copy of. */
async function prepare(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await using platform = await startTestPlatform({ folder })
  void platform
}

/** Runs the outages one after the other under load, and skips those of another engine. */
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
