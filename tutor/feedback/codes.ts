import type { Severity } from '../../schemas/note.ts'

/** A code's severity and the names of the params that its text needs. `line` is a line of the student's program. */
interface Code<Names extends readonly string[] = readonly string[]> {
  severity: Severity
  params: Names
}

const essential = <const Names extends readonly string[]>(...params: Names): Code<Names> => ({
  severity: 'essential',
  params,
})
const advice = <const Names extends readonly string[]>(...params: Names): Code<Names> => ({
  severity: 'advice',
  params,
})
const info = <const Names extends readonly string[]>(...params: Names): Code<Names> => ({ severity: 'info', params })

/**
 * Everything that feedback can say, one code per line. Grades are stored with their codes, so codes and their params
 * are never renamed or removed. The text of each is in `texts/<language>.md`.
 */
export const codes = {
  // How a result compares with the expected one, in the test that shows it.
  'type-equal': info('call', 'got', 'expected'),
  'type-sequence': essential('call', 'got', 'expected'),
  'type-other': essential('call', 'got', 'expected'),
  'type-too-large': essential('call'),

  // Names and calls of the exercise.
  'name-missing': essential('name'),
  'name-different': essential('name', 'defined'),
  'call-misfit': essential('message'),
  'known-mistake': essential('name'),

  // The value that a function returns.
  'value-printed': essential(),
  'value-other-printed': essential(),
  'value-none': essential(),
  'value-function': essential(),
  'value-as-text': essential('expected'),
  'value-not-text': essential('got'),
  'value-wrapped': essential('got'),
  'value-unwrapped': essential('expected'),
  'value-list-in-list': essential(),
  'value-list-flat': essential(),
  'value-true': essential(),
  'value-false': essential(),
  'value-opposite': essential(),
  'value-constant': essential(),
  'value-one-too-large': essential(),
  'value-one-too-small': essential(),
  'value-always-too-large': essential(),
  'value-always-too-small': essential(),
  'value-times-too-large': essential('times'),
  'value-times-too-small': essential('times'),
  'value-sign': essential(),
  'value-rounding': essential(),
  'value-fraction-kept': essential(),
  'value-fraction-lost': essential(),
  'value-only-first': essential(),
  'value-first-missing': essential(),
  'value-last-missing': essential(),
  'value-one-too-many': essential(),
  'value-reversed': essential(),
  'value-order': essential(),
  'value-repeats': essential(),
  'value-items-missing': essential(),
  'value-items-extra': essential(),
  'value-type': essential('got', 'expected'),

  // Text, returned or printed.
  'text-case': essential(),
  'text-blanks': essential(),
  'text-zeros-missing': essential(),
  'text-zeros-extra': essential(),
  'text-part-missing': essential(),
  'text-part-extra': essential(),
  'text-digits': essential(),
  'text-last-digit': essential(),

  'text-look-alike': essential('row', 'column', 'got', 'expected'),

  // Characters of a program that look like others.
  'look-alike': essential('character', 'meant', 'line', 'column'),
  'look-alike-invisible': essential('character', 'line', 'column'),

  // What a program prints, writes and reads.
  'output-nothing': essential(),
  'output-punctuation': essential(),
  'output-prompt': essential(),
  'output-first-line-missing': essential(),
  'output-last-line-missing': essential(),
  'output-extra-line': essential(),
  'output-words': essential(),
  'output-extra': essential(),
  'output-file-missing': essential(),
  'input-exhausted': essential(),

  // What a program wants that is not here.
  'absent-command': info('name', 'line'),
  'absent-package': info('name', 'line'),
  'absent-input': advice('line'),
  'absent-thread': essential(),

  // Which tests fail.
  'tests-shown-only': essential(),
  'edge-empty': essential(),
  'edge-negative': essential(),
  'edge-zero': essential(),
  'edge-one-item': essential(),
  'state-kept': essential('call'),
  'result-varies': essential('call'),

  // The misconception behind an error.
  'error-special-method': essential(),
  'error-text-and-number': essential(),
  'error-none': essential(),
  'error-not-callable': essential(),
  'error-self-missing': essential(),
  'error-arguments': essential(),
  'error-single-value': essential(),
  'error-unchangeable': essential(),
  'error-unhashable': essential(),
  'error-nothing-in-it': essential(),
  'error-index': essential(),
  'error-key': essential(),
  'error-zero-division': essential(),
  'error-recursion': essential(),
  'error-no-value-yet': essential(),
  'error-name': essential(),
  'error-attribute': essential(),
  'error-conversion': essential(),
  'error-unpacking': essential(),
  'error-not-found': essential(),
  'error-file': essential(),
  'error-end-of-input': essential(),
  'error-changed-in-loop': essential(),
  'error-no-next': essential(),

  // Errors that an exercise expects, and others.
  'raises-unexpected': essential('error'),
  'raises-other': essential('error', 'expected'),
  'raises-returned': essential(),
  'raises-swallowed': essential('expected'),
  'raises-missing': essential('expected'),

  // Code that is valid but seldom intended; `python/smells.py` finds it.
  'smell-shared-default': advice('line'),
  'smell-shared-attribute': advice('line'),
  'smell-unused-parameter': advice('line'),
  'smell-lost-recursion': advice('line'),
  'smell-lost-text': advice('line'),
  'smell-lost-comparison': advice('line'),
  'smell-lost-error': advice('line'),
  'smell-returned-error': advice('line'),
  'smell-kept-none': advice('line'),
  'smell-always-true': advice('line'),
  'smell-identity': advice('line'),
  'smell-swallowed-error': advice('line'),
  'smell-changed-while-looping': advice('line'),
  'smell-rewritten-file': advice('line'),
  'smell-base-init-missing': advice('line'),
  'loop-early-return': advice('line'),
  'argument-changed': advice('function', 'parameter', 'line'),

  // Rules of the exercise. A broken rule never fails a test.
  'rule-banned': essential('name', 'line'),
  'rule-import': essential('line'),
  'rule-function': essential('name'),
  'rule-max-lines': essential('lines', 'max'),

  // A note of a grade from before notes had codes, with its original text.
  legacy: info('text'),
} as const

export type FeedbackCode = keyof typeof codes
/** The codes of what `python/smells.py` finds in a line. */
export type SmellCode = Extract<FeedbackCode, `smell-${string}`>
