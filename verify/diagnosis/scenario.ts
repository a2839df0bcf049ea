import type { LocalTestPlatform } from '../test-platform-local.ts'

/** What a diagnosis says of one trouble. */
export interface Named {
  cause: string
  evidence: string
  fix: string
}

/**
 * A root cause, looked for in `cause (evidence)` of every finding, and the fix that must be advised for it, which is then
 * carried out; without one `undo` mends the platform.
 */
export interface Root {
  cause: RegExp
  fix?: RegExp
}

/** A fault of a running platform of real engines, and what a diagnosis must say of it. */
export interface Scenario {
  id: string
  /** The scenario of a public benchmark of cluster operation that it is after, or `own`. */
  after: string
  /** A student notices nothing of it, so that `status` may say that the platform is ready. */
  unnoticed?: true
  /** None: nothing may be named. */
  roots: readonly Root[]
  /** Breaks the platform and adds to `undo` what no fix of an operator can take back. */
  strike(platform: LocalTestPlatform, undo: AsyncDisposableStack): Promise<void>
}

export function defineScenario(scenario: Scenario): Scenario {
  return scenario
}

export const textOf = ({ cause, evidence }: Named): string => `${cause} (${evidence.replaceAll(/\s+/g, ' ')})`

/**
 * The score of one diagnosis as ITBench has it: 0 when a root cause is missed, otherwise the share of root causes among
 * all that is named; of a healthy platform 1 when nothing is named. Source: ITBench, https://arxiv.org/abs/2502.05352,
 * section on the evaluation of root causes.
 */
export function scoreOf({ roots }: Pick<Scenario, 'roots'>, findings: readonly Named[]): number {
  if (findings.length === 0) return roots.length === 0 ? 1 : 0
  const texts = findings.map(textOf)
  if (roots.length === 0 || !roots.every(({ cause }) => texts.some(text => cause.test(text)))) return 0
  return texts.filter(text => roots.some(({ cause }) => cause.test(text))).length / texts.length
}
