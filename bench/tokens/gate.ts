/**
 * The maximum tokens for bringing up and verifying: `bare` counts calls and results, `told` also definitions and
 * instructions.
 */
export const gate = { bare: 400, withIntroduction: 1_100 } as const
