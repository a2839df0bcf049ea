/** A value with the version it was read at. */
export interface Versioned<T> {
  value: T
  etag: string
}

export interface SetOptions {
  /** Write only if the stored version is still this one; `null`: only if the key is absent. */
  etag?: string | null
  /** Whole seconds, at least 1; without it the value does not expire. */
  ttlSeconds?: number
}

/**
 * Fast state that can be rebuilt from the history. Values are JSON without NUL characters, keys 1-512 characters:
 * anything else is INVALID_INPUT.
 */
export interface StateStore extends AsyncDisposable {
  /** @throws DEPENDENCY_DOWN */
  get<T>(key: string): Promise<Versioned<T> | undefined>
  /** @throws CONFLICT when `etag` is no longer the stored version; DEPENDENCY_DOWN */
  set(key: string, value: unknown, options?: SetOptions): Promise<void>
  /** Absent keys are allowed. @throws CONFLICT, DEPENDENCY_DOWN */
  delete(key: string, etag?: string): Promise<void>
}
