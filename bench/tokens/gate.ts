/** Tokens that bringing up and verifying may cost: calls and results; with the definitions and instructions. */
export const gate = { bare: 400, told: 1_100 } as const
