/** Remembers the results of the latest `limit` keys; failed ones are computed again. */
export function memoize<Value>(limit: number): (key: string, make: () => Promise<Value>) => Promise<Value> {
  const known = new Map<string, Promise<Value>>()
  return async (key, make) => {
    const value = known.get(key) ?? make()
    // Keeps the newest entry last, so that the first is the one to remove.
    known.delete(key)
    known.set(key, value)
    for (const oldest of known.keys()) {
      if (known.size <= limit) break
      known.delete(oldest)
    }
    try {
      return await value
    } catch (error) {
      known.delete(key)
      throw error
    }
  }
}
