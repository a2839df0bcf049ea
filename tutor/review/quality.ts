import { rules } from './rules.ts'

/**
 * The quality of a program that was read, 0-1, from what was found in it: 1 / (1 + cost). A rule of weight w that is
 * found n times costs w * (2 - 2 ** (1 - n)): w the first time, half of it the second, at most 2w. Layout costs nothing,
 * so programs of equal syntax trees have the same quality. 1 without any finding; never 0.
 */
export function qualityFrom(found: readonly { rule: string }[]): number {
  const counts = new Map<string, number>()
  for (const { rule } of found) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  let cost = 0
  for (const [name, times] of counts) {
    const rule = rules.get(name)
    if (rule !== undefined && rule.kind !== 'layout') cost += rule.weight * (2 - 2 ** (1 - times))
  }
  return 1 / (1 + cost)
}
