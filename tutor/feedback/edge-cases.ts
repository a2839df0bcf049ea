import { type Note, note } from './note.ts'

/**
 * Kinds of input that are easily forgotten, recognised by the text between the parentheses of a call or by the typed
 * input.
 */
const kinds = [
  ['edge-empty', /\[\]|''|""|\(\)|\{\}|\bset\(\)|^\s*$/],
  ['edge-negative', /(?:^|[^\w.)\]'"])-\d/],
  ['edge-zero', /(?<![\w.])0(?:\.0)?(?![\w.])/],
  ['edge-one-item', /\[[^[\],]+\]/],
] as const

/** A test: its input, and whether it passed. */
export interface Tried {
  input: string
  passed: boolean
}

/** An input that is nothing else, since of several arguments another one may matter. */
const sole = /^\(?(?:\[\]|''|""|\(\)|\{\}|set\(\)|-?[\d.]+|\[[^[\],]+\]|\s*)\)?$/

/** How many tests of other kinds must pass before a common kind of the failed ones means anything. */
const minCount = 3

/** The one kind of input that all failed tests have and no passed one has. */
export function specialInput(tried: readonly Tried[]): Note | undefined {
  const [passed, failed] = [tried.filter(one => one.passed), tried.filter(one => !one.passed)]
  if (failed.length === 0 || passed.length < minCount) return undefined
  if (failed.length === 1 && !failed.every(({ input }) => sole.test(input))) return undefined
  const fitting = kinds.filter(
    ([, pattern]) =>
      failed.every(({ input }) => pattern.test(input)) && !passed.some(({ input }) => pattern.test(input)),
  )
  const [only, other] = fitting
  // When several kinds fit, it is not known which of them matters.
  return only === undefined || other !== undefined ? undefined : note(only[0])
}
