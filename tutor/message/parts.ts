import { cleanCode } from './clean.ts'
import { codeLength } from './code-length.ts'
import { headOf, linesOf } from './lines.ts'
import { readSession, sessionLength, startsSession } from './session.ts'
import { type FailedTest, readTestOutput, startsTestOutput, testOutputLength } from './test-output.ts'
import { type ReportedError, readTraceback, startsTraceback, tracebackLength } from './traceback.ts'

/**
 * A stretch of a message, `start` to `end` (in UTF-16 units). `text` is what it says: for code without fences, prompts
 * and line numbers; for prose without the blanks around it.
 */
export type Part = { start: number; end: number; text: string } & (
  | { kind: 'prose' }
  | { kind: 'code'; fenced: boolean }
  | { kind: 'session'; output: string }
  | { kind: 'traceback'; errors: ReportedError[] }
  | { kind: 'tests'; failed: FailedTest[] }
)
type Kind = Part['kind']
/** Lines `from` to `to` (not included) of one kind. */
interface Block {
  kind: Kind
  from: number
  to: number
  fenced: boolean
}

/** Carets of a traceback (`~~~^^^`) are no fence. */
const fence = /^\s{0,12}(?:> ?)?(```|~~~(?=~*[ \t]*\w*[ \t]*$))/

/**
 * The parts of a message, in order; together they cover it, and blank lines belong to the part before them. Takes any
 * text, in time linear in its length; never throws.
 */
export function partsOf(text: string): Part[] {
  const lines = linesOf(text)
  const texts = lines.map(line => line.text)
  const blocks = blocksOf(texts)
  return blocks.map((block, at) => {
    const start = at === 0 ? 0 : (lines[block.from]?.start ?? 0)
    const next = blocks[at + 1]
    const end = next === undefined ? text.length : (lines[next.from]?.start ?? text.length)
    return partOf(block, start, end, content(texts, block))
  })
}

function partOf({ kind, fenced }: Block, start: number, end: number, lines: readonly string[]): Part {
  const place = { start, end }
  const plain = lines.join('\n').trim()
  if (kind === 'code') return { kind, ...place, text: cleanCode(lines), fenced }
  if (kind === 'traceback') return { kind, ...place, text: plain, errors: readTraceback(lines) }
  if (kind === 'tests') return { kind, ...place, text: plain, failed: readTestOutput(lines) }
  if (kind === 'prose') return { kind, ...place, text: plain }
  const { code, output } = readSession(lines)
  return { kind, ...place, text: code, output }
}

const content = (texts: readonly string[], { from, to, fenced }: Block): readonly string[] =>
  texts.slice(from, to).filter(line => !(fenced && fence.test(headOf(line))))

/** Splits lines at fences, and what is between them into blocks. A fence that is not closed goes on to the end. */
function blocksOf(texts: readonly string[]): Block[] {
  const blocks: Block[] = []
  let from = 0
  let open: string | null = null
  for (const [at, line] of texts.entries()) {
    const mark = fence.exec(headOf(line))?.[1]
    if (mark === undefined || (open !== null && mark !== open)) continue
    const to = open === null ? at : at + 1
    blocks.push(...(open === null ? plainBlocks(texts, from, to) : fencedBlocks(texts, from, to)))
    open = open === null ? mark : null
    from = to
  }
  blocks.push(...(open === null ? plainBlocks(texts, from, texts.length) : fencedBlocks(texts, from, texts.length)))
  if (blocks.length === 0 && texts.length > 0) blocks.push({ kind: 'prose', from: 0, to: texts.length, fenced: false })
  return blocks
}

function fencedBlocks(texts: readonly string[], from: number, to: number): Block[] {
  const last = fence.test(headOf(texts[to - 1] ?? '')) && to - 1 > from ? to - 1 : to
  const [first, ...rest] = split(texts, from + 1, last, at => readerOf(texts, at, last) ?? ['code', 1])
  if (first === undefined) return [{ kind: 'code', from, to, fenced: true }]
  const blocks = [{ ...first, from }, ...rest].map(block => ({ ...block, fenced: true }))
  const end = blocks.at(-1)
  if (end !== undefined) end.to = to
  return blocks
}

const plainBlocks = (texts: readonly string[], from: number, to: number): Block[] =>
  split(texts, from, to, at => {
    const found = readerOf(texts, at, to)
    if (found !== null) return found
    const length = codeLength(texts, at, to)
    return length === 0 ? ['prose', 1] : ['code', length]
  })

/** Reads block after block; blank lines belong to the block before them, and neighbours of prose or of code are one. */
function split(texts: readonly string[], from: number, to: number, read: (at: number) => [Kind, number]): Block[] {
  const blocks: Block[] = []
  let at = from
  while (at < to) {
    const last = blocks.at(-1)
    const [kind, length] = (texts[at] ?? '').trim() === '' ? [last?.kind, 1] : read(at)
    at = Math.min(to, at + length)
    if (kind === undefined) continue
    if (last !== undefined && last.kind === kind && (kind !== 'traceback' || (texts[at - 1] ?? '').trim() === ''))
      last.to = at
    else blocks.push({ kind, from: last?.to ?? from, to: at, fenced: false })
  }
  return blocks
}

/** What another program printed or a session, from a line on; null where it is code or prose. */
function readerOf(texts: readonly string[], at: number, to: number): [Kind, number] | null {
  const line = texts[at] ?? ''
  if (startsTestOutput(line)) return ['tests', testOutputLength(texts, at, to)]
  if (startsTraceback(line)) return ['traceback', tracebackLength(texts, at, to)]
  if (/^\s*-{20,}$/.test(headOf(line)) && startsTraceback(texts[at + 1] ?? ''))
    return ['traceback', 1 + tracebackLength(texts, at + 1, to)]
  return startsSession(line) ? ['session', sessionLength(texts, at, to)] : null
}
