/** One frame of a traceback; columns count from 0 in the line without its indentation, where `~^` marks are given. */
export interface TracebackFrame {
  file: string
  line: number
  function: string
  text?: string
  column?: number
  endColumn?: number
}

/** The last exception of a pasted text: its class without modules, its message, and the frames that lead to it. */
export interface ReadTraceback {
  type: string
  message: string
  frames: TracebackFrame[]
}

/** The characters that are read; the exception stands at the end. */
const maxText = 20_000
const maxFrames = 60

const frameLine = /^\s*File "([^"\n]{1,300})", line (\d{1,7})(?:, in ([^\n]{1,100}))?\s*$/
const marks = /^\s*[~^][~^ ]*\s*$/
const exceptionLine = /^(?:E\s{1,8})?((?:[A-Za-z_]\w*\.){0,8}[A-Za-z_]\w*)(?:: (.*))?$/
const pytestPlace = /^([^\s:]{1,300}\.py):(\d{1,7}): ([A-Za-z_][\w.]*)$/
const names =
  /(?:Error|Exception|Exit|Interrupt|Iteration|Warning|InvalidOperation|Empty|Full|Group|error|TimedOut|OutputLimit)$/

/**
 * Reads a pasted traceback of CPython 3.8 to 3.14, IDLE, pytest or doctest; undefined when there is no exception in it.
 * Each line is looked at by itself, so the time grows with the length of the text.
 */
export function readTraceback(text: string): ReadTraceback | undefined {
  const lines = text
    .slice(-maxText)
    .split(/\r\n|\r|\n/u)
    .map(line => line.replace(/^\s*[|>]\s?(?=\s*(?:File|Traceback|\w+Error))/u, ''))
  const at = exceptionAt(lines)
  const [, type, message = ''] = exceptionLine.exec(lines[at]?.trimEnd() ?? '') ?? []
  const place = lines.map(line => pytestPlace.exec(line.trim())).findLast(found => found !== null)
  if (type === undefined) return place === undefined ? undefined : fromPytest(place, lines)
  const begin = lines.slice(0, at).findLastIndex(line => /^\s*Traceback \(most recent call last\)/u.test(line))
  const frames = framesIn(lines.slice(begin === -1 ? 0 : begin, at))
  const shown = place === undefined || frames.length > 0 ? frames : [pytestFrame(place, lines)]
  return { type: type.split('.').at(-1) ?? type, message: message.trim(), frames: shown }
}

/** The line of the exception: what follows the frames of the last traceback, whatever its class is called. */
function exceptionAt(lines: readonly string[]): number {
  const named = lines.findLastIndex(line => isException(line))
  const header = lines.findLastIndex(line => /^\s*Traceback \(most recent call last\)/u.test(line))
  if (named > header || header === -1) return named
  return lines.findIndex((line, at) => at > header && /^\S/u.test(line) && exceptionLine.test(line.trimEnd()))
}

function isException(line: string): boolean {
  const found = exceptionLine.exec(line.trimEnd())
  return found?.[1] !== undefined && names.test(found[1]) && !/^\s/u.test(line)
}

/** A failed assertion, of which pytest shows what it compared in place of the class. */
function fromPytest(place: RegExpExecArray, lines: readonly string[]): ReadTraceback {
  const said =
    lines
      .find(line => /^E\s/u.test(line))
      ?.slice(1)
      .trim() ?? ''
  return { type: place[3]?.split('.').at(-1) ?? '', message: said, frames: [pytestFrame(place, lines)] }
}

function pytestFrame(place: RegExpExecArray, lines: readonly string[]): TracebackFrame {
  const marked = lines.findLast(line => /^>\s/u.test(line))
  const text = marked?.slice(1).trim()
  return {
    file: place[1] ?? '',
    line: Number(place[2]),
    function: '',
    ...(text === undefined ? {} : { text }),
  }
}

function framesIn(lines: readonly string[]): TracebackFrame[] {
  const frames: TracebackFrame[] = []
  for (const [at, line] of lines.entries()) {
    const found = frameLine.exec(line)
    if (found === null) continue
    const next = lines[at + 1]
    const text = next === undefined || frameLine.test(next) || isException(next) ? undefined : next
    frames.push({
      file: found[1] ?? '',
      line: Number(found[2]),
      function: found[3] ?? '<module>',
      ...(text === undefined ? {} : { text: text.trim(), ...marksOf(text, lines[at + 2] ?? '') }),
    })
  }
  return frames.slice(-maxFrames)
}

function marksOf(text: string, line: string): { column?: number; endColumn?: number } {
  if (!marks.test(line)) return {}
  const indent = text.length - text.trimStart().length
  return { column: line.search(/[~^]/u) - indent, endColumn: line.trimEnd().length - indent }
}
