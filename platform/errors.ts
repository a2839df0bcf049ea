/**
 * Every failure that we raise on purpose: its HTTP status, the exit code of a command, and whether a retry can help
 * (exit: 1 not ready or a check failed, 2 a prerequisite is missing, 3 wrong usage or input, 4 a dependency did not
 * answer).
 */
export const codes = {
  INVALID_INPUT: { http: 400, exit: 3, retry: false },
  UNAUTHENTICATED: { http: 401, exit: 3, retry: false },
  FORBIDDEN: { http: 403, exit: 3, retry: false },
  NOT_FOUND: { http: 404, exit: 3, retry: false },
  CONFLICT: { http: 409, exit: 1, retry: true },
  IN_FLIGHT: { http: 409, exit: 1, retry: true },
  TOO_LARGE: { http: 413, exit: 3, retry: false },
  KEY_REUSED: { http: 422, exit: 3, retry: false },
  TOO_MANY_REQUESTS: { http: 429, exit: 1, retry: true },
  EXERCISE_FAULTY: { http: 422, exit: 3, retry: false },
  AGENT_ABSENT: { http: 404, exit: 2, retry: false },
  NOT_RUNNING: { http: 503, exit: 2, retry: false },
  DATA_FOLDER_IN_USE: { http: 503, exit: 2, retry: false },
  DATA_FOLDER_UNUSABLE: { http: 503, exit: 2, retry: false },
  DATA_FOLDER_NEWER: { http: 503, exit: 2, retry: false },
  PORT_IN_USE: { http: 503, exit: 2, retry: false },
  STORAGE_FULL: { http: 507, exit: 4, retry: true },
  DEPENDENCY_DOWN: { http: 503, exit: 4, retry: true },
  SANDBOX_CRASHED: { http: 503, exit: 4, retry: true },
  LEASE_LOST: { http: 503, exit: 1, retry: true },
  CHECK_FAILED: { http: 500, exit: 1, retry: false },
  CHECK_SKIPPED: { http: 503, exit: 2, retry: false },
  INTERNAL: { http: 500, exit: 1, retry: false },
} as const satisfies Record<string, { http: number; exit: 0 | 1 | 2 | 3 | 4; retry: boolean }>

export type Code = keyof typeof codes

/** A failure that we raise on purpose. Any other exception is a bug and is never caught to hide it. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError'
  readonly code: Code
  readonly hint: string
  constructor(code: Code, message: string, { hint, cause }: { hint: string; cause?: unknown }) {
    super(message, { cause })
    this.code = code
    this.hint = hint
  }
}

/**
 * Whether a retry can help: known failures define it, and an unexpected one (a bug, a broken connection) may be
 * temporary.
 */
export function isRetryable(error: unknown): boolean {
  return error instanceof PlatformError ? codes[error.code].retry : true
}

/** Whether a failure carries one of these codes: of the system, as `ENOENT`, or of ours. */
export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))
