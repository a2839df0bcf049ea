/**
 * The maximum tokens for bringing up and verifying: `bare` counts calls and results, `told` also definitions and
 * instructions.
 */
export const gate = { bare: 400, withIntroduction: 1_100 } as const

/** The calls of a bring-up in which one step takes longer than a call may; a slower machine needs one more to wait. */
const usualCalls = 4
/** What a handle and the call that waits for it cost at most, in tokens. */
const wait = 45

/** What calls and results may cost, by their number: how often is waited depends on the machine. */
export const bareFor = (calls: number): number => gate.bare + wait * Math.max(0, calls - usualCalls)
