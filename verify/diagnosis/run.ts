import { execa } from 'execa'
import { PlatformError } from '../../platform/errors.ts'
import type { VerifyResult } from '../run.ts'
import { type LocalTestPlatform, type OperateOn, startLocalTestPlatform } from '../test-platform-local.ts'
import { msUntil } from '../wait.ts'
import { carryOut } from './fix.ts'
import { type Named, type Scenario, scoreOf, textOf } from './scenario.ts'
import { scenarios } from './scenarios/all.ts'

/** How long a fault may need to show, and a platform to be well again. */
const patience = { limitMs: 60_000, everyMs: 1_000 }
const gradeMs = 60_000
const goal = { score: 0.95, seconds: 5, fixes: 0.9 }

/** What came of one scenario. `seconds`: how long the diagnosis took that is scored. */
interface Outcome {
  scenario: Scenario
  score: number
  seconds: number
  findings: readonly Named[]
  /** Why its fix did not mend it; undefined when it did. */
  unmended?: string
  /** `status` says that the platform is ready. */
  flattered?: true
  /** Why it did not become well again after all. */
  lost?: string
}

/** A diagnosis that fails names nothing right, so its failure counts as a wrong name. */
async function diagnose({ probe }: LocalTestPlatform): Promise<readonly Named[]> {
  try {
    return (await probe.operate<{ findings: readonly Named[] }>('incident-triage/diagnose', {})).findings
  } catch (error) {
    return [{ cause: 'the diagnosis fails', evidence: String(error), fix: '' }]
  }
}

/** Asks until every root cause is named or patience ends; the last diagnosis counts. */
async function diagnosed(scenario: Scenario, platform: LocalTestPlatform): Promise<Omit<Outcome, 'scenario'>> {
  let [findings, seconds, score]: [readonly Named[], number, number] = [[], 0, 0]
  await msUntil(async () => {
    const start = performance.now()
    findings = await diagnose(platform)
    seconds = (performance.now() - start) / 1_000
    score = scoreOf(scenario, findings)
    return score > 0
  }, patience)
  return { findings, seconds, score }
}

/** Carries out what the findings of the root causes advise. */
async function mend({ roots }: Scenario, findings: readonly Named[], platform: LocalTestPlatform): Promise<void> {
  for (const { cause, fix } of roots) {
    if (fix === undefined) continue
    const advice = findings.find(finding => cause.test(textOf(finding)))?.fix ?? 'nothing'
    if (!fix.test(advice)) throw new Error(`it advises "${advice}"`)
    await carryOut(advice, platform)
  }
}

const hasFix = ({ roots }: Scenario): boolean => roots.some(({ fix }) => fix !== undefined)

/** @throws when the platform is not well in time, or gives no grade */
async function demandWell(platform: LocalTestPlatform): Promise<void> {
  let left: readonly Named[] = []
  const well = await msUntil(async () => (left = await diagnose(platform)).length === 0, patience)
  if (well === undefined) throw new Error(`it still says: ${left.map(textOf).join('; ').slice(0, 300)}`)
  const client = platform.probe.client({ student: platform.probe.newStudent() })
  const { request_id: id } = await client.submit('square', 'def square(n): return n * n', 'well')
  const { status } = await client.ended(id, gradeMs)
  if (status !== 'done') throw new Error(`a program that is handed in afterwards is ${status}`)
}

async function saysReady({ command, folder, env }: LocalTestPlatform): Promise<boolean> {
  const status = await execa(process.execPath, [command, 'status', '--data', folder], { env, reject: false })
  return status.exitCode === 0
}

/** Strikes, diagnoses and mends. `lost` in the outcome: why the platform can be used no more. */
export async function runScenario(scenario: Scenario, platform: LocalTestPlatform): Promise<Outcome> {
  const outcome: Outcome = { scenario, score: 0, seconds: 0, findings: [] }
  try {
    await using undo = new AsyncDisposableStack()
    await scenario.strike(platform, undo)
    Object.assign(outcome, await diagnosed(scenario, platform))
    if (scenario.roots.length > 0 && scenario.unnoticed !== true && (await saysReady(platform)))
      outcome.flattered = true
    if (hasFix(scenario)) await tried(scenario, outcome, platform)
  } catch (error) {
    // What could not be struck or undone is no diagnosis; the platform is not used again.
    return { ...outcome, score: 0, lost: wordsOf(error) }
  }
  try {
    await demandWell(platform)
    return outcome
  } catch (error) {
    return { ...outcome, lost: wordsOf(error) }
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Carries out the advice, and notes why the platform is not well afterwards. */
async function tried(scenario: Scenario, outcome: Outcome, platform: LocalTestPlatform): Promise<void> {
  try {
    await mend(scenario, outcome.findings, platform)
    await demandWell(platform)
  } catch (error) {
    outcome.unmended = wordsOf(error)
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

function lineOf({ scenario, score, seconds, findings, ...outcome }: Outcome): string {
  const unmended = outcome.unmended ?? outcome.lost
  const failed = unmended !== undefined || outcome.flattered === true
  const word = score === 0 ? 'MISSED' : failed ? 'FAIL' : score < 1 ? 'partly' : 'named'
  const mended = !hasFix(scenario) ? '' : unmended === undefined ? ', its fix works' : `, its fix fails: ${unmended}`
  const flattery = outcome.flattered === true ? ', and status says ready' : ''
  const said = score === 1 ? '' : `; it says: ${findings.map(textOf).join('; ').slice(0, 600) || 'nothing wrong'}`
  return `${word.padEnd(6)} ${scenario.id.padEnd(28)} (${scenario.after}) score ${score.toFixed(2)} in ${seconds.toFixed(1)} s${mended}${flattery}${said}`
}

/** @throws NOT_FOUND with the ids that exist */
function selectScenarios(select: readonly string[]): Scenario[] {
  const chosen = scenarios.filter(({ id }) => select.length === 0 || select.some(wanted => id.startsWith(wanted)))
  if (chosen.length > 0) return chosen
  throw new PlatformError('NOT_FOUND', `no scenario is called ${select.join(' or ')}`, {
    hint: `There are: ${scenarios.map(({ id }) => id).join(', ')}.`,
  })
}

/**
 * Scores the diagnosis: breaks a throwaway platform of real engines in every known way, one after the other, compares
 * what is named with the root causes, and carries out the fixes.
 */
export async function scoreDiagnosis(
  select: readonly string[],
  onLine: (line: string) => void,
  operateOn: OperateOn,
): Promise<VerifyResult> {
  const chosen = selectScenarios(select)
  const outcomes: Outcome[] = []
  while (outcomes.length < chosen.length) {
    await using platform = await startLocalTestPlatform({ operateOn })
    await demandWell(platform)
    do {
      const outcome = await runScenario(chosen[outcomes.length] as Scenario, platform)
      outcomes.push(outcome)
      onLine(lineOf(outcome))
    } while (outcomes.at(-1)?.lost === undefined && outcomes.length < chosen.length)
  }
  return resultOf(outcomes)
}

function resultOf(outcomes: readonly Outcome[]): VerifyResult {
  const lines = outcomes.map(lineOf)
  const fixes = outcomes.filter(({ scenario }) => hasFix(scenario))
  const mended = fixes.filter(({ unmended }) => unmended === undefined).length
  const score = mean(outcomes.map(outcome => outcome.score))
  const seconds = median(outcomes.map(outcome => outcome.seconds))
  const failures = lines.filter(line => /^(MISSED|FAIL)/.test(line))
  const alarms = outcomes.filter(({ scenario, findings }) => scenario.roots.length === 0 && findings.length > 0).length
  return {
    lines,
    failures,
    passed: lines.length - failures.length,
    failed: failures.length,
    skipped: 0,
    late: 0,
    // What is missed lowers the score; a platform that flatters or stays broken is never allowed.
    ok:
      score >= goal.score &&
      alarms === 0 &&
      seconds <= goal.seconds &&
      (fixes.length === 0 || mended / fixes.length >= goal.fixes) &&
      outcomes.every(({ flattered, lost }) => flattered === undefined && lost === undefined),
    total:
      `mean score ${score.toFixed(2)} of ${outcomes.length} scenarios, ${mended} of ${fixes.length} fixes work, ` +
      `${alarms} false alarms, median ${seconds.toFixed(1)} s`,
  }
}
