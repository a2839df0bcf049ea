const pairs = (text: string): Set<string> =>
  new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)))

/** The names most similar to `wanted`, best first: Dice's coefficient over pairs of letters. */
export function nearest(wanted: string, names: readonly string[], count = 3): string[] {
  const sought = pairs(wanted.toLowerCase())
  const likeness = (name: string): number => {
    const own = pairs(name)
    return (2 * [...own].filter(pair => sought.has(pair)).length) / (own.size + sought.size || 1)
  }
  return names
    .map(name => ({ name, likeness: likeness(name) }))
    .toSorted((one, other) => other.likeness - one.likeness)
    .slice(0, count)
    .map(({ name }) => name)
}
