import type { Fault } from './check.ts'
import { type Line, offsetOf, type Source } from './source.ts'
import type { Token } from './tokens.ts'

/** The place where Python stops, as the rules see it. */
export interface Spot {
  source: Source
  fault: Fault
  /** The offset where Python stops. */
  at: number
  /** The line there, the one with code before it, and any other line that the message names. */
  near: Line[]
  line: Line
  before: Line | undefined
  /** The index of the first token that ends after `at`. */
  token: number
}

/** Reads a fault's place in a program. */
export function spotOf(source: Source, fault: Fault): Spot | undefined {
  const last = source.lines.findLast(({ blank }) => !blank)
  const named = source.lines[fault.line - 1]
  const line = named === undefined || (named.blank && !named.inString) ? (nextCode(source, fault.line) ?? last) : named
  if (line === undefined) return undefined
  const before = source.lines.slice(0, line.number - 1).findLast(({ blank }) => !blank)
  const at = named === line ? offsetOf(source, fault.line, fault.column) : line.at
  const on = Number(/on line (\d+)/.exec(fault.message)?.[1] ?? 0)
  const others = [before, source.lines[on - 1], nextCode(source, line.number + 1)]
  const near = [line, ...others].filter((one): one is Line => one !== undefined)
  return { source, fault, at, near: [...new Set(near)], line, before, token: tokenAfter(source.tokens, at) }
}

const nextCode = ({ lines }: Source, from: number): Line | undefined => {
  for (let at = from - 1; at < lines.length; at += 1) if (lines[at]?.blank === false) return lines[at]
  return undefined
}

/** The index of the first token that ends after an offset. */
export function tokenAfter(tokens: readonly Token[], at: number): number {
  let [low, high] = [0, tokens.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((tokens[middle]?.end ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low
}
