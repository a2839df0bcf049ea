import { PlatformError } from '../../platform/errors.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { lineAt, withLine } from './outputs.ts'
import type { Question } from './question.ts'
import { type Judge, solve, type Solved } from './solve.ts'

/** An answer as it was understood, whether it is right, and why the right one is. */
export interface AnswerJudged {
  answer: string
  right: boolean
  right_answer: string
  explanation: string
}

/** Finds the exercise of a key. */
type Find = (id: string, version: number) => Promise<Exercise>

/**
 * Judges an answer: a choice by its label, an order or a line by a run of the program that it makes.
 * @throws INVALID_INPUT for an answer that has not the form of the question's; what `find` and the sandbox throw
 */
export async function judgeAnswer(
  question: Question,
  answer: string,
  { sandbox, find, owner }: { sandbox: Sandbox; find: Find; owner?: string },
): Promise<AnswerJudged> {
  const { key, kind } = question
  if (kind === 'multiple_choice' || kind === 'predict_output') {
    const label = labelsIn(answer, question)
    if (label.length !== 1) throw malformed(question)
    return judged(question, label.join(''), label[0] === key.right, key.why[label[0] ?? ''])
  }
  const { text, program } = kind === 'order_lines' ? ordered(question, answer) : changed(question, answer)
  if (text === key.right) return judged(question, text, true)
  const judge = await judgeFor(question, find)
  // What a program prints shows less than tests do: every line of it has to be there.
  if ('prints' in judge && kind === 'order_lines' && text.length < key.right.length)
    return judged(question, text, false, 'Lines are missing.')
  const { right, shown } = await solve(program, judge, sandbox, owner)
  return judged(question, text, right, shown === undefined ? undefined : failure(shown))
}

const judged = (
  { key }: Question,
  answer: string,
  right: boolean,
  wrong = 'With it a test fails that is not shown.',
): AnswerJudged => ({
  answer,
  right,
  right_answer: key.right,
  explanation: right ? key.explanation : `${wrong}\n${key.explanation}`,
})

const failure = ({ call, got, expected }: NonNullable<Solved['shown']>): string =>
  `With it ${call === 'the program' ? call : `\`${call}\``} gives ${got || 'nothing'}, and should give ${expected || 'nothing'}.`

async function judgeFor({ key, stdin }: Question, find: Find): Promise<Judge> {
  if (key.judge === null) throw new TypeError('a question without a judge has choices')
  if ('prints' in key.judge) return { prints: key.judge.prints, stdin: stdin ?? '' }
  return { exercise: await find(key.judge.exercise_id, key.judge.exercise_version) }
}

/** The labels of an answer: `b`, `c a b`, `c,a,b` or `cab`. @throws INVALID_INPUT for one that is none */
function labelsIn(answer: string, question: Question): string[] {
  const known = new Set(question.choices.map(({ label }) => label))
  const found = answer.toLowerCase().replaceAll(/[\s,.()]+/g, '')
  const named = Array.from(found)
  if (named.length === 0 || named.some(label => !known.has(label)) || new Set(named).size < named.length)
    throw malformed(question)
  return named
}

/** The program of an order of lines. */
function ordered(question: Question, answer: string): { text: string; program: string } {
  const named = labelsIn(answer, question)
  const lines = named.map(label => question.choices.find(choice => choice.label === label)?.text ?? '')
  return { text: named.join(' '), program: `${lines.join('\n')}\n` }
}

/** The program with another line, which keeps the indentation of the one it stands for. */
function changed(question: Question, answer: string): { text: string; program: string } {
  const code = question.code ?? ''
  const [, number, text] = /^\s*(\d{1,3})\s*:([^\n\r]*)$/.exec(answer.trim()) ?? []
  const line = Number(number)
  if (text === undefined || line < 1 || line > code.split('\n').length) throw malformed(question)
  const indent = /^\s*/.exec(code.split('\n')[line - 1] ?? '')?.[0] ?? ''
  const program = withLine(code, { line, text: `${indent}${text.trim()}` })
  return { text: `${line}: ${lineAt(program, line)}`, program }
}

const forms = {
  multiple_choice: 'Answer with the letter of a choice, like b.',
  predict_output: 'Answer with the letter of a choice, like b.',
  order_lines: 'Answer with the letters of the lines in their order, each at most once, like c a b.',
  fix_line: 'Answer with the number of a line and the line as it has to be, like 2: x = 1.',
}

const malformed = ({ kind }: Question): PlatformError =>
  new PlatformError('INVALID_INPUT', 'the answer has not the form that the question asks for', { hint: forms[kind] })
