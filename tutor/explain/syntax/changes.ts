/** Replaces the characters of a program from offset `at` up to `end` by `text`. */
export interface Change {
  at: number
  end: number
  text: string
}

/**
 * One way to mend a fault. `cost` says how little it is likely to be meant: about one for each token that it inserts,
 * deletes or replaces, more for a guess. `look` is the offset where the student must look; by default the first change.
 */
export interface Candidate {
  class: string
  params?: Readonly<Record<string, string>>
  changes: readonly Change[]
  cost: number
  look?: number
}

/** The program after changes, which do not overlap. */
export function applied(text: string, changes: readonly Change[]): string {
  const parts: string[] = []
  let at = 0
  for (const change of changes.toSorted((one, other) => one.at - other.at || one.end - other.end)) {
    parts.push(text.slice(at, change.at), change.text)
    at = Math.max(at, change.end)
  }
  return [...parts, text.slice(at)].join('')
}

/** The same change, widened to the whole words that it touches, so that it reads `return` for `retrun`. */
export function wholeWords(text: string, change: Change): Change {
  let { at, end } = change
  const put = change.text
  const inside = (left: string | undefined, right: string | undefined): boolean => /^\w\w$/.test(`${left}${right}`)
  const begins = text.slice(at, end) === '' ? put[0] : text[at]
  if (inside(text[at - 1], begins) || inside(text[at - 1], put[0])) while (/\w/.test(text[at - 1] ?? '')) at -= 1
  const ends = text.slice(change.at, end) === '' ? put.at(-1) : text[end - 1]
  if (inside(ends, text[end]) || inside(put.at(-1), text[end])) while (/\w/.test(text[end] ?? '')) end += 1
  return { at, end, text: text.slice(at, change.at) + put + text.slice(change.end, end) }
}

/** The same change without what both sides share at their begin and end. */
export function shortest(text: string, { at, end, text: put }: Change): Change {
  const old = text.slice(at, end)
  let before = 0
  while (before < Math.min(old.length, put.length) && old[before] === put[before]) before += 1
  let after = 0
  while (after < Math.min(old.length, put.length) - before && old.at(-1 - after) === put.at(-1 - after)) after += 1
  return { at: at + before, end: end - after, text: put.slice(before, put.length - after) }
}
