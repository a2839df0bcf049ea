import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Check } from './check.ts'
import { type UseFault, withFaults } from './fault.ts'
import type { Fault } from './faults/fault.ts'
import { faultGroups, type FaultName, faults } from './faults/all.ts'
import { withLocalFaults } from './faults/local.ts'
import { type Outage, runOutage } from './outage.ts'
import { outages } from './outages/all.ts'
import { inParallel } from './parallel.ts'
import { runCheck, selectChecks, table, type VerifyResult, wordOf } from './run.ts'
import { type LocalTestPlatform, type OperateOn, startLocalTestPlatform } from './test-platform-local.ts'
import { startTestPlatform, temporaryFolder } from './test-platform.ts'

/** How many throwaway platforms with faults run at once; with real engines it is one. */
const atOnce = 2

type WithFaults = (names: readonly FaultName[], use: UseFault) => Promise<void>

/**
 * The negative controls: runs every check against a throwaway platform that has the fault the check must notice. A
 * check is missed when it passes, or when it could not measure although the fault does not silence the platform,
 * because then it would fail for any reason. The user's platform is not touched.
 */
export async function verifyNegative(select: readonly string[], onLine: (line: string) => void): Promise<VerifyResult> {
  const checks = await selectChecks(select)
  await using place = await temporaryFolder()
  const template = join(place.path, 'template')
  await prepareFolder(template)
  return await control(checks, async (names, use) => withFaults(names, template, use), atOnce, onLine)
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
 * The same on real engines: the faults one after the other, then every outage. @throws NOT_FOUND when
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
  const caught = await control(
    checks,
    async (names, use) => withLocalFaults(names, platform, operateOn, use),
    1,
    onLine,
  )
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
  withFaults: WithFaults,
  width: number,
  onLine: (line: string) => void,
): Promise<VerifyResult> {
  const lines: string[] = []
  const missed: string[] = []
  const byFault = Map.groupBy(checks, check => check.fault)
  const controls = faultGroups
    .map(names => names.filter(name => byFault.has(name)))
    .filter(names => names.length > 0)
    .map(
      names => async () =>
        withFaults(names, async (name, probe) => {
          const silences = (faults[name] as Fault).silences === true
          for (const check of byFault.get(name) ?? []) {
            const line = await runCheck(check, probe)
            const noticed = !line.ok && (silences || line.silent !== true)
            const text = table(noticed ? 'caught' : 'MISSED', { ...line, claim: `with ${name}` })
            if (!noticed) missed.push(text)
            lines.push(text)
            onLine(text)
          }
        }),
    )
  await inParallel(controls, width)
  const caught = lines.length - missed.length
  return {
    lines,
    passed: caught,
    failed: missed.length,
    skipped: 0,
    failures: missed,
    late: 0,
    ok: caught === checks.length,
    total: `caught ${caught} of ${checks.length}`,
  }
}

/** A migrated data folder of whose copies faulty platforms start. */
export async function prepareFolder(folder: string): Promise<void> {
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
