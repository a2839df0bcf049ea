import { type Note, note } from './note.ts'

/** Kinds of input that are easily forgotten, by what stands between the parentheses of a call or is typed in. */
const kinds = [
  ['edge-empty', /\[\]|''|""|\(\)|\{\}|\bset\(\)|^\s*$/],
  ['edge-negative', /(?:^|[^\w.)\]'"])-\d/],
  ['edge-zero', /(?<![\w.])0(?:\.0)?(?![\w.])/],
  ['edge-one-item', /\[[^[\],]+\]/],
] as const

/** A test: what it puts in, and whether it was passed. */
export interface Tried {
  input: string
  passed: boolean
}

/** How many tests of other kinds must be right before it says anything that the rest is wrong. */
const minCount = 3

/** The one kind of input that all failed tests have and no passed one has. */
export function specialInput(tried: readonly Tried[]): Note | undefined {
  const [passed, failed] = [tried.filter(one => one.passed), tried.filter(one => !one.passed)]
  if (failed.length === 0 || passed.length < minCount) return undefined
  const fitting = kinds.filter(
    ([, pattern]) =>
      failed.every(({ input }) => pattern.test(input)) && !passed.some(({ input }) => pattern.test(input)),
  )
  const [only, other] = fitting
  // Of several kinds that all fit nobody knows which it is.
  return only === undefined || other !== undefined ? undefined : note(only[0])
}
