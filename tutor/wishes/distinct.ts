import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { normalForm } from '../program/normal-form.ts'

/** The share of the words of two statements that only one of them has, from which on they are not alike. */
const leastDistance = 0.4

const wordsOf = ({ title, statement }: Exercise): Set<string> =>
  new Set(`${title} ${statement}`.toLowerCase().match(/[a-z0-9]+/g) ?? [])

/** The share of the words of title and statement that only one of two exercises has (0-1, Jaccard distance). */
export function statementDistance(one: Exercise, other: Exercise): number {
  const [ours, theirs] = [wordsOf(one), wordsOf(other)]
  return 1 - ours.intersection(theirs).size / Math.max(1, ours.union(theirs).size)
}

/** Whether an exercise asks for something else than each of the others: in its words, and by its reference. */
export async function isDistinct(exercise: Exercise, others: readonly Exercise[], sandbox: Sandbox): Promise<boolean> {
  if (others.some(other => other.id === exercise.id || statementDistance(other, exercise) < leastDistance)) return false
  const own = await shapeOf(exercise, sandbox)
  const shapes = await Promise.all(others.map(async other => shapeOf(other, sandbox)))
  return !shapes.includes(own)
}

/** The normal form of the reference, whatever its locals and its entries are called; the source where it has none. */
async function shapeOf({ reference, entry }: Exercise, sandbox: Sandbox): Promise<string> {
  const source = entry.reduce(
    (text, name, at) => text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `entry_${at}`),
    reference,
  )
  return (await normalForm(source, sandbox, 'shape'))?.shape ?? source
}
