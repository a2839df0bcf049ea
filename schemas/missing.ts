import * as z from 'zod'

/** What is said of a value that is not there, in place of `expected string, received undefined`. */
export const missing = 'is missing'
const codes = new Set(['invalid_type', 'invalid_value', 'invalid_union'])

z.config({ customError: ({ code, input }) => (input === undefined && codes.has(code) ? missing : undefined) })
