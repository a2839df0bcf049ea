import { type StepName, stepNames } from '../../platform/steps.ts'

const logs = { embedded: 'embedded', direct: 'kafka', dapr: 'dapr' } as const

/** The part of the code that a step belongs to. */
const ownerOf = (step: StepName): string => step.slice(0, step.indexOf(':'))

/**
 * The steps that a worker of the agent `exercise` passes from the delivery of a submission to the end of the work on
 * it; it can be killed at each.
 */
export function pointsOf(engine: keyof typeof logs): StepName[] {
  const passed = new Set([logs[engine], 'record', 'worker', 'exercise', 'outcome'])
  return stepNames.filter(step => passed.has(ownerOf(step)))
}
