import { headOf, indentOf, wordsInRow } from './lines.ts'

/** One call of a traceback, outermost first. `name` is null where it is not said, as for a syntax error. */
export interface Frame {
  file: string
  line: number
  name: string | null
  /** The line of the program that the traceback shows, without its indentation. */
  source: string | null
}
/**
 * One exception as Python printed it. `type` is the last part of its dotted name; `after` says what it has to do with
 * the exception before it in the list: it was raised while that was handled, because of it, or is a member of its group.
 */
export interface ReportedError {
  type: string
  message: string
  frames: Frame[]
  after: 'handling' | 'cause' | 'member' | null
}

const head = /^(?:\w+ +)?(?:Exception Group )?Traceback \(most recent call last\):?/
const framePattern = /^\s*File "([^"]*)", line (\d+)(?:, in (.+))?/
const notebookFrame = /^(?:Cell|Input) In ?\[(\d+)\],? ?(?:line (\d+)|in (.+))?/
const oldNotebookFrame = /^<ipython-input-(\d+)-[^>]*> in (\S+)/
const namedError =
  /^((?:\w+\.){0,8}_?[A-Z]\w{0,80}(?:Error|Exception|Warning|Group)|(?:\w+\.){0,8}(?:KeyboardInterrupt|StopIteration|StopAsyncIteration|SystemExit|GeneratorExit))(?::\s?(.*)|\s*)$/
const anyError = /^((?:[A-Za-z_]\w*\.){0,8}[A-Za-z_]\w*)(?::\s(.*)|\s*)$/
const handling = /^During handling of the above exception, another exception occurred/
const cause = /^The above exception was the direct cause of/
const caret = /^[\s~^]*[\^~][\s~^]*$/
const groupMark = /^[ |]*[+|][-+ |]*(?:-{3,}|\d+ -+)?/
const arrow = /^(?:-+> ?\d+|\s*\d+)(?: |$)/

/** A line without the marks that an exception group or a quotation puts before it; it keeps its indentation. */
function bareLine(line: string): string {
  const beginning = headOf(line)
  if (!/^[ \t>|]/.test(beginning)) return beginning
  return beginning.replace(/^(?:> ){1,3}/, '').replace(/^[ ]{0,40}(?:\| |\|$)/, '')
}

const wordOf = (bare: string): string => bare.trim().replace(/^[+| ]+/, '')
const isFrame = (word: string): boolean =>
  framePattern.test(word) || notebookFrame.test(word) || oldNotebookFrame.test(word)

/** Whether a line begins what Python prints when a program fails. */
export function startsTraceback(line: string): boolean {
  const word = wordOf(bareLine(line))
  return head.test(word) || framePattern.test(word) || namedError.test(word) || /^Cell In ?\[\d+\], line \d+/.test(word)
}

/** How far the lines of a traceback are indented that are not: as its header, or two less than its first frame. */
const baseOf = (first: string): number => Math.max(0, indentOf(first) - (framePattern.test(first) ? 2 : 0))

/** How many lines, from `from` on and before `to`, belong to a traceback; at least 1. Looks at each line once. */
export function tracebackLength(lines: readonly string[], from: number, to: number): number {
  const base = baseOf(bareLine(lines[from] ?? ''))
  let ended = false
  let opened = false
  let framed = false
  let kept = 1
  for (let at = from; at < to; at += 1) {
    const bare = bareLine(lines[at] ?? '')
    const word = wordOf(bare)
    const grouped = /^\s*[|+]/.test(headOf(lines[at] ?? ''))
    if (word === '' || /^-{3,}$/.test(word)) {
      if (grouped) kept = at + 1 - from
      continue
    }
    const chained = handling.test(word) || cause.test(word) || grouped || head.test(word)
    if (ended && !chained) break
    const frame = isFrame(word)
    const deeper = indentOf(bare) > base
    const error = namedError.test(word) || (opened && !deeper && anyError.test(word))
    const shown = opened && (deeper || caret.test(bare) || (framed && wordsInRow(word) < 4))
    if (!frame && !error && !chained && !shown && !arrow.test(word) && !word.startsWith('[Previous line')) break
    opened ||= frame || head.test(word)
    framed = frame
    ended = error && !frame
    kept = at + 1 - from
  }
  return kept
}

/**
 * The exceptions of a traceback in the order in which they stand there; the last one that is no member of a group ended
 * the program. Reads what CPython 3.8 to 3.14 and IPython print, also within exception groups. Never throws.
 */
export function readTraceback(lines: readonly string[]): ReportedError[] {
  const errors: ReportedError[] = []
  let frames: Frame[] = []
  let after: ReportedError['after'] = null
  const base = baseOf(bareLine(lines[0] ?? ''))
  for (const line of lines) {
    const bare = bareLine(line)
    const word = bare.trim().replace(groupMark, '').trim()
    const frame = frameOf(word)
    if (frame !== null) frames.push(frame)
    else if (handling.test(word)) after = 'handling'
    else if (cause.test(word)) after = 'cause'
    else if (/^[ |]*\+-\+?-|^[ |]*\+-{3,} \d+ -/.test(headOf(line))) after = 'member'
    else if (head.test(word) || word === '' || caret.test(bare)) continue
    else {
      const error = namedError.exec(word) ?? (indentOf(bare) > base ? null : anyError.exec(word))
      if (error !== null) {
        errors.push({ type: (error[1] ?? '').split('.').at(-1) ?? '', message: error[2] ?? '', frames, after })
        frames = []
        if (after !== 'member') after = null
      } else addSource(frames.at(-1), word)
    }
  }
  return errors
}

function frameOf(word: string): Frame | null {
  const found = framePattern.exec(word)
  if (found !== null)
    return { file: found[1] ?? '', line: Number(found[2]), name: found[3]?.trim() ?? null, source: null }
  const cell = notebookFrame.exec(word)
  if (cell !== null)
    return { file: `In [${cell[1]}]`, line: Number(cell[2] ?? 0), name: cell[3]?.trim() ?? null, source: null }
  const old = oldNotebookFrame.exec(word)
  return old === null ? null : { file: `In [${old[1]}]`, line: 0, name: old[2] ?? null, source: null }
}

/** Notes the line of the program under its frame; in a notebook it is the one with the arrow, which has the number. */
function addSource(frame: Frame | undefined, word: string): void {
  if (frame === undefined) return
  const pointed = /^-+> ?(\d+) ?(.*)$/.exec(word)
  if (pointed !== null) {
    frame.line = Number(pointed[1])
    frame.source = (pointed[2] ?? '').trim()
  } else if (frame.source === null && !/^\d+ /.test(word)) frame.source = word
}
