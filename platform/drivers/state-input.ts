import { PlatformError } from '../errors.ts'

const maxKeyLength = 512

/** The key, for any driver. @throws INVALID_INPUT unless it has 1-512 characters and no NUL. */
export function stateKey(key: string): string {
  if (key !== '' && key.length <= maxKeyLength && !key.includes('\0')) return key
  throw new PlatformError(
    'INVALID_INPUT',
    `a state key has 1-${maxKeyLength} characters and no NUL: ${JSON.stringify(key.slice(0, 40))}`,
    {
      hint: 'schemas/state-keys.ts makes keys.',
    },
  )
}

/**
 * The value as JSON, for any driver. @throws INVALID_INPUT for values that JSON cannot represent, and for a NUL, which
 * PostgreSQL cannot store.
 */
export function stateJson(value: unknown): string {
  const json: unknown = JSON.stringify(value)
  if (typeof json === 'string' && !/(?<!\\)(?:\\\\)*\\u0000/.test(json)) return json
  throw new PlatformError('INVALID_INPUT', 'a state value is JSON without NUL characters', {
    hint: 'Leave the value out, or write the character in another way.',
  })
}
