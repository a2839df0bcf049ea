/**
 * Remembers the results of the latest `limit` keys; failed ones are computed again, also for those who waited for them,
 * because a failure may be that of one caller alone.
 */
export function memoize<Value>(limit: number): (key: string, make: () => Promise<Value>) => Promise<Value> {
  const known = new Map<string, Promise<Value>>()
  const recall = async (key: string, make: () => Promise<Value>): Promise<Value> => {
    const earlier = known.get(key)
    const value = earlier ?? make()
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
      if (known.get(key) === value) known.delete(key)
      if (earlier !== undefined) return recall(key, make)
      throw error
    }
  }
  return recall
}
