import type { ShownError } from '../grade/judge.ts'
import type { FeedbackCode } from './codes.ts'
import { type Note, note } from './note.ts'

/**
 * The misconception behind an error, recognised by its text; the first match counts. The texts are those of CPython 3.8
 * to 3.14.
 */
const meanings = [
  [/^TypeError: __(\w+)__ (returned|should return)/, 'error-special-method'],
  [
    /^TypeError: unsupported operand type\(s\) for .+?: (?:'str' and '(?:int|float)'|'(?:int|float)' and 'str')/,
    'error-text-and-number',
  ],
  [/^TypeError: (?:can only concatenate str \(not|must be str, not) "?(?:int|float)/, 'error-text-and-number'],
  [/^TypeError: can't multiply sequence by non-int of type 'str'/, 'error-text-and-number'],
  [
    /^TypeError: '[<>]=?' not supported between instances of '(?:str' and '(?:int|float)|(?:int|float)' and 'str)'/,
    'error-text-and-number',
  ],
  [/^(?:TypeError|AttributeError): .*'?NoneType/, 'error-none'],
  [/^TypeError: '\w+' object is not callable/, 'error-not-callable'],
  // The name before the last dot is a class, while `<locals>` is a function.
  [/^TypeError: (?:\S+\.)?\w+\.\w+\(\) takes 0 positional arguments but \d+ (?:was|were) given/, 'error-self-missing'],
  [/^TypeError: .*\(\) (?:takes|missing|got an unexpected|got multiple) .*argument/, 'error-arguments'],
  [/^TypeError: '(?:int|float|bool|complex)' object is not (?:subscriptable|iterable)/, 'error-single-value'],
  [/^TypeError: argument of type '(?:int|float|bool|complex)'/, 'error-single-value'],
  [/^TypeError: '(?:str|tuple)' object does(?:n't| not) support item (?:assignment|deletion)/, 'error-unchangeable'],
  [/^TypeError: .*unhashable type: '(?:list|dict|set)'/, 'error-unhashable'],
  [
    /^(?:IndexError|KeyError): '?(?:pop from (?:an )?empty|popitem\(\): dictionary is empty|Cannot choose from an empty)/,
    'error-nothing-in-it',
  ],
  [/^ValueError: .*(?:empty sequence|iterable argument is empty|arg is an empty)/, 'error-nothing-in-it'],
  [/^IndexError: .*index out of range/, 'error-index'],
  [/^KeyError/, 'error-key'],
  [/^ZeroDivisionError: .*(?:division|modulo|divmod).*/, 'error-zero-division'],
  [/^RecursionError/, 'error-recursion'],
  [/^UnboundLocalError|^NameError: cannot access free variable/, 'error-no-value-yet'],
  [/^NameError: name '/, 'error-name'],
  [/^AttributeError/, 'error-attribute'],
  [/^ValueError: (invalid literal for int\(\)|could not convert string to float)/, 'error-conversion'],
  [/^ValueError: (not enough|too many) values/, 'error-unpacking'],
  [/^ValueError: .*(is not in list|not in list$|substring not found|not in (tuple|deque))/, 'error-not-found'],
  [/^FileNotFoundError: .*No such file/, 'error-file'],
  [/^EOFError: (?:EOF when reading a line|the program asked for input)/, 'error-end-of-input'],
  [/^RuntimeError: .*changed (size|its size)/, 'error-changed-in-loop'],
  [/^StopIteration/, 'error-no-next'],
  [/^RuntimeError: can't start new thread/, 'absent-thread'],
] as const

/** What the line of an error shows about it: a program's own `raise` means what the program says, whatever its class. */
const isRaised = (line: string): boolean => /^raise\b/.test(line.trim())
/** A line whose error of this kind has another cause. */
const otherwise: Partial<Record<FeedbackCode, RegExp>> = {
  'error-key': /\.remove\(/,
  'error-file': /subprocess|Popen|\bos\.exec/,
  'error-self-missing': /@staticmethod/,
}

/** The misconception that an error of a program shows, if it is one of these. */
export function meaningOf({ type, message, line }: ShownError, code = ''): Note | undefined {
  const text = `${type}: ${message}`
  const found = meanings.find(([pattern]) => pattern.test(text))?.[1]
  const source = line === undefined ? '' : (code.split(/\r\n|\r|\n/)[line - 1] ?? '')
  if (found === undefined || isRaised(source)) return undefined
  const whole = found === 'error-self-missing' ? code : source
  return otherwise[found]?.test(whole) === true ? undefined : note(found)
}

/** A failed test in which an exception was raised, or should have been: `wanted` is its class. */
export interface Mishap {
  wanted?: string
  error?: ShownError
  /** The text of what was returned instead. */
  returned?: string
  /** Whether an `except` of the program is known to hide an error that should be raised. */
  isSwallowed?: boolean
  isHidden?: boolean
}

/** What is wrong about the exceptions of a failed test. */
export function mistakeAbout(
  { wanted, error, returned = '', isSwallowed = false, isHidden = false }: Mishap,
  code: string,
): Note | undefined {
  if (error !== undefined) {
    const name = isHidden ? ownName(error.type, code) : error.type
    if (wanted !== undefined) return note('raises-other', { error: name, expected: wanted })
    // A name that only the test uses is told as one that the program must define.
    if (error.type === 'NameError' && error.line === undefined) return undefined
    return meaningOf(error, code) ?? note('raises-unexpected', { error: name })
  }
  if (wanted === undefined) return undefined
  if (/^['"]?\w*(?:Error|Exception)\b/.test(returned)) return note('raises-returned')
  return note(isSwallowed ? 'raises-swallowed' : 'raises-missing', { expected: wanted })
}

/** A class that the program made up while it ran could be named after a hidden input. */
const ownName = (type: string, code: string): string =>
  code.includes(type) || standardErrors.has(type) ? type : 'Exception'
/** Exceptions of Python, by whose names nothing can be told. */
export const standardErrors: ReadonlySet<string> = new Set(
  (
    'ArithmeticError AssertionError AttributeError EOFError FileNotFoundError ImportError IndexError KeyError ' +
    'LookupError ModuleNotFoundError NameError NotImplementedError OSError OverflowError PermissionError ' +
    'RecursionError RuntimeError StopIteration SystemExit TypeError UnboundLocalError UnicodeDecodeError ' +
    'UnicodeEncodeError ValueError ZeroDivisionError KeyboardInterrupt SyntaxError MemoryError'
  ).split(' '),
)
