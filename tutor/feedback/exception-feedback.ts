import type { Facts } from '../program/facts.ts'
import type { ShownError } from '../grade/judge.ts'
import { type Note, note } from './note.ts'

/**
 * The misconception behind an error, recognised by its text; the first match counts. The texts are those of CPython 3.8
 * to 3.14.
 */
const meanings = [
  [/^TypeError: __(\w+)__ (returned|should return)/, 'error-special-method'],
  [
    /^TypeError: .*(unsupported operand|can only concatenate|must be str, not|can't multiply sequence)/,
    'error-text-and-number',
  ],
  [/^TypeError: .*not all arguments converted/, 'error-text-and-number'],
  [
    /^TypeError: '[<>]=?' not supported between instances of '(str|int|float)' and '(str|int|float)'/,
    'error-text-and-number',
  ],
  [/^\w+: .*NoneType/, 'error-none'],
  [/^TypeError: '\w+' object is not callable/, 'error-not-callable'],
  [/^TypeError: .*takes 0 positional arguments but \d+ (was|were) given/, 'error-self-missing'],
  [/^TypeError: .*(takes|missing|got an unexpected|got multiple) .*argument/, 'error-arguments'],
  [/^TypeError: .*object is not (subscriptable|iterable)|^TypeError: argument of type/, 'error-single-value'],
  [/^TypeError: .*does not support item assignment/, 'error-unchangeable'],
  [/^TypeError: .*unhashable/, 'error-unhashable'],
  [
    /^IndexError: pop from|^ValueError: .*(empty sequence|iterable argument is empty|arg is an empty)/,
    'error-nothing-in-it',
  ],
  [/^IndexError/, 'error-index'],
  [/^KeyError/, 'error-key'],
  [/^ZeroDivisionError/, 'error-zero-division'],
  [/^RecursionError/, 'error-recursion'],
  [/^UnboundLocalError/, 'error-no-value-yet'],
  [/^NameError/, 'error-name'],
  [/^AttributeError/, 'error-attribute'],
  [/^ValueError: (invalid literal|could not convert)/, 'error-conversion'],
  [/^ValueError: (not enough|too many) values/, 'error-unpacking'],
  [/^ValueError: .*(is not in list|substring not found|not in (tuple|deque))/, 'error-not-found'],
  [/^FileNotFoundError/, 'error-file'],
  [/^EOFError/, 'error-end-of-input'],
  [/^RuntimeError: .*changed (size|its size)/, 'error-changed-in-loop'],
  [/^StopIteration/, 'error-no-next'],
] as const

/** The misconception that an error shows, if it is one of these. */
export function meaningOf({ type, message }: ShownError): Note | undefined {
  const text = `${type}: ${message}`
  const found = meanings.find(([pattern]) => pattern.test(text))
  return found === undefined ? undefined : note(found[1])
}

/** A failed test in which an exception was raised, or should have been: `wanted` is its class. */
export interface Mishap {
  wanted?: string
  error?: ShownError
  /** The text of what was returned instead. */
  returned?: string
}

/** What is wrong about the exceptions of a failed test. */
export function mistakeAbout({ wanted, error, returned = '' }: Mishap, facts: Facts | undefined): Note | undefined {
  if (wanted === undefined)
    return error === undefined ? undefined : (meaningOf(error) ?? note('raises-unexpected', { error: error.type }))
  if (error !== undefined) return note('raises-other', { error: error.type, expected: wanted })
  if (/^['"]?\w*(?:Error|Exception)\b/.test(returned)) return note('raises-returned')
  const swallows = facts?.smells.some(({ code }) => code === 'smell-swallowed-error') === true
  return note(swallows ? 'raises-swallowed' : 'raises-missing', { expected: wanted })
}

/** The first smell of a program, which holds for its text whatever its test results are. */
export function smellIn({ smells }: Facts): Note | undefined {
  const [first] = smells
  return first === undefined ? undefined : note(first.code, { line: first.line })
}
