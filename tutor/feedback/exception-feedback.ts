import type { Facts } from '../program/facts.ts'
import type { ShownError } from '../grade/judge.ts'

/** What an error says of the misconception behind it; the first that fits. The texts of CPython 3.8 to 3.14. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/^TypeError: __(\w+)__ (returned|should return)/, 'a special method must return its result, not print it'],
  [
    /^TypeError: .*(unsupported operand|can only concatenate|must be str, not|can't multiply sequence|not all arguments converted).*|^TypeError: '[<>]=?' not supported between instances of '(str|int|float)' and '(str|int|float)'/,
    'text and numbers are mixed: input() and split() give text, int() or float() makes a number of it',
  ],
  [/^\w+: .*NoneType/, 'it goes on with None: something before it returns nothing'],
  [
    /^TypeError: '\w+' object is not callable/,
    'it calls what is no function: a name stands for two things, or a comma or an operator is missing',
  ],
  [/^TypeError: .*takes 0 positional arguments but \d+ (was|were) given/, 'a method lacks its first parameter, self'],
  [
    /^TypeError: .*(takes|missing|got an unexpected|got multiple) .*argument/,
    'a call does not fit the parameters of what it calls',
  ],
  [
    /^TypeError: .*object is not (subscriptable|iterable)|^TypeError: argument of type/,
    'a single value is used as if it held several',
  ],
  [/^TypeError: .*does not support item assignment/, 'a text or a tuple is changed in place, which never works'],
  [/^TypeError: .*unhashable/, 'a list, dict or set is used as a key or in a set'],
  [
    /^IndexError: pop from|^ValueError: .*(empty sequence|iterable argument is empty|arg is an empty)/,
    'the case of nothing in it is missing',
  ],
  [/^IndexError/, 'an index goes beyond the end: the last one is the length minus one'],
  [/^KeyError/, 'a key is looked up that is not in the dict: that case is missing'],
  [/^ZeroDivisionError/, 'it divides by zero: that case is missing'],
  [/^RecursionError/, 'it calls itself without end: the case that stops it is missing or never reached'],
  [/^UnboundLocalError/, 'a variable is used that has no value yet on some way through the function'],
  [/^NameError/, 'a name is used that nothing defines: look how it is written where it is defined'],
  [/^AttributeError/, 'an attribute is used that the object does not have'],
  [
    /^ValueError: (invalid literal|could not convert)/,
    'a text is made a number that is none: blanks, nothing at all, or a decimal point',
  ],
  [/^ValueError: (not enough|too many) values/, 'it unpacks another number of values than there are'],
  [
    /^ValueError: .*(is not in list|substring not found|not in (tuple|deque))/,
    'it looks for what is not there: that case is missing',
  ],
  [/^FileNotFoundError/, 'it opens a file that need not be there'],
  [/^EOFError/, 'it asks for more input than there is'],
  [/^RuntimeError: .*changed (size|its size)/, 'a dict or set changes while a loop goes through it'],
  [/^StopIteration/, 'it takes a next item where there is none'],
]

/** What an error shows of the program, if it is one of these. */
export function meaningOf({ type, message }: ShownError): string | undefined {
  const text = `${type}: ${message}`
  return meanings.find(([pattern]) => pattern.test(text))?.[1]
}

/** A failed test in which an exception was raised, or should have been: `wanted` is its class. */
export interface Mishap {
  wanted?: string
  error?: ShownError
  /** The text of what was returned instead. */
  returned?: string
}

/** What is wrong about the exceptions of a failed test. */
export function mistakeAbout({ wanted, error, returned = '' }: Mishap, facts: Facts | undefined): string | undefined {
  if (wanted === undefined)
    return error === undefined ? undefined : (meaningOf(error) ?? `it raises ${error.type} where a result is expected`)
  if (error !== undefined) return `it raises ${error.type} where ${wanted} is expected`
  if (/^['"]?\w*(?:Error|Exception)\b/.test(returned)) return 'it returns the error instead of raising it'
  const swallows = facts?.smells.some(({ name }) => name === 'swallows') === true
  return swallows
    ? `${wanted} does not come out: an except catches too much`
    : `it does not raise ${wanted} where it should: a check is missing`
}

/** What a line says that is seldom meant; true of the program as it stands, whatever its tests come to. */
const smellText: Readonly<Record<string, string>> = {
  'shared default': 'the default on line @ is made once and shared by all calls that change it',
  'shared attribute': 'the attribute on line @ belongs to the class: all its objects share and change the same one',
  'unused parameter': 'the function on line @ does not use one of its parameters',
  'lost recursion': 'the function calls itself on line @ and does nothing with the result',
  'lost text': 'line @ makes a new text and does not keep it: a text is never changed in place',
  'lost comparison': 'line @ only compares, with == where = gives a value',
  'lost error': 'line @ makes an error and does not raise it',
  'returned error': 'line @ returns an error instead of raising it',
  'kept None': 'line @ keeps the result of a method that changes its object and returns None',
  'always true': 'the condition on line @ is always true: each side of or needs a comparison of its own',
  identity: 'line @ compares with is, which asks for the same object, not for an equal one',
  swallows: 'the except on line @ catches every error and hides it',
  'changed while looping': 'the loop on line @ goes through what it changes, and so skips items',
  'rewritten file': 'line @ opens the file anew in each turn of the loop, which empties it',
  'base not made': 'the __init__ on line @ does not call that of its base class',
}

/** The first of them. */
export function smellIn({ smells }: Facts): string | undefined {
  const [first] = smells
  return first === undefined ? undefined : smellText[first.name]?.replace('@', String(first.line))
}
