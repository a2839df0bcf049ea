import type { ConceptLibrary } from './library.ts'

const maxCharacters = 4_000

/**
 * The concepts whose shape is in the code, the most advanced first: of what a piece of code shows, that is what is
 * most likely asked about. Advanced is what has the longest chain of prerequisites.
 */
export function codeTopics(code: string, { concepts }: ConceptLibrary): string[] {
  const text = code.slice(0, maxCharacters)
  const depth = (id: string): number => 1 + Math.max(0, ...(concepts.get(id)?.needs ?? []).map(depth))
  return [...concepts.values()]
    .filter(({ shapes }) => shapes.some(shape => new RegExp(shape, 'm').test(text)))
    .map(({ id }) => ({ id, deep: depth(id) }))
    .toSorted((one, other) => other.deep - one.deep)
    .map(({ id }) => id)
}
