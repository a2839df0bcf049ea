import type { Sandbox } from '../../../platform/ports/sandbox.ts'
import type { Explanation } from '../explanation.ts'
import { Facts } from './facts.ts'
import { findingsOf } from './findings.ts'
import { readTraceback, type ReadTraceback, type TracebackFrame } from './read-traceback.ts'
import { told } from './tell.ts'

/** Files of Python itself and of packages, which the student has not written. */
const foreign = /(?:site-packages|dist-packages|[/\\]lib[/\\]python|^<frozen|^<__array|[/\\]Lib[/\\])/u

/**
 * Explains a pasted traceback without running anything, with the program where it is known; no edit is given, because
 * none is tried. Undefined when the text holds no exception.
 * @throws DEPENDENCY_DOWN when no interpreter can be started to read the program.
 */
export async function explainTraceback(
  sandbox: Sandbox,
  text: string,
  program?: string,
): Promise<Explanation | undefined> {
  const read = readTraceback(text)
  if (read === undefined) return undefined
  const frames = ownFrames(read, program)
  const source = program ?? lineAlone(frames.at(-1))
  const facts = Facts.parse({
    ended: 'raised',
    type: read.type,
    message: plainMessage(read.message),
    frames: frames.map(frame => factOf(frame, source)),
    ...(read.type === 'KeyError' ? { key: keyOf(read.message) } : {}),
  })
  const [first] = await findingsOf(source, facts, sandbox, read.message)
  return told(first, { ...facts, message: read.message }, undefined)
}

/** The frames of the student's own files; with a program those whose lines are in it. */
function ownFrames({ frames }: ReadTraceback, program: string | undefined): TracebackFrame[] {
  const lines = program?.split(/\r\n|\r|\n/u)
  const own = frames.filter(({ file }) => !foreign.test(file))
  const known = own.filter(({ line, text }) => text === undefined || lines?.[line - 1]?.trim() === text)
  return lines !== undefined && known.length > 0 ? known : own.length > 0 ? own : frames
}

/** A program that has nothing but the line of the crash, at its place; enough to read the expressions in it. */
function lineAlone(frame: TracebackFrame | undefined): string {
  const text = frame?.text ?? ''
  const whole = /^(?:if|elif|while|for|with|def|class|else|try|async)\b.*:$/u.test(text) ? `${text}\n pass` : text
  return '\n'.repeat(Math.min((frame?.line ?? 1) - 1, 10_000)) + whole.replace(/^elif\b/u, 'if')
}

function factOf(frame: TracebackFrame, source: string): Record<string, unknown> {
  const text = source.split(/\r\n|\r|\n/u)[frame.line - 1] ?? ''
  const indent = text.length - text.trimStart().length
  const shift = /^elif\b/u.test(frame.text ?? '') && !text.trimStart().startsWith('elif') ? -2 : 0
  const bytes = (column: number): number => Buffer.byteLength(text.slice(0, column + indent + shift))
  const marked = frame.column !== undefined && frame.endColumn !== undefined
  return {
    function: frame.function,
    line: frame.line,
    values: [],
    names: {},
    ...(marked
      ? { column: bytes(frame.column ?? 0), end_line: frame.line, end_column: bytes(frame.endColumn ?? 0) }
      : {}),
  }
}

/** The message without what Python's traceback adds to it. */
const plainMessage = (message: string): string =>
  message.replace(/\. (?:Did you mean|Did you forget)[^\n]*$/u, '').replace(/ \(most likely due[^\n]*$/u, '')

const keyOf = (message: string): Record<string, unknown> => {
  const text = /^'([^'\\]*)'$/u.exec(message)?.[1]
  return text === undefined ? { text: message, type: '' } : { text: message, type: 'str', str: text }
}
