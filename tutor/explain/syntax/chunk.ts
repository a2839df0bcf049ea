import type { Line, Source } from './source.ts'
import type { Spot } from './spot.ts'

/** A part of a program that holds whole statements of the top level: offsets, the end excluded. */
export interface Chunk {
  from: number
  to: number
}

const continued = /^(?:elif|else|except|finally|\)|\]|\}|case)/

/** How many statements of the top level follow in a chunk, so that a bracket or string left open shows. */
const following = 3

/**
 * The statements around the place where Python stops. An edit is tried on them first, so that it is judged by its own
 * fault and not by others further down, and a long program costs no more than a short one.
 */
export function chunkOf({ lines, text }: Source, { line, before, near }: Spot): Chunk {
  const isStart = (one: Line): boolean => !one.blank && !one.inString && one.width === 0 && !continued.test(one.masked)
  const first = Math.min(line.number, before?.number ?? line.number, ...near.map(({ number }) => number))
  let from = first - 1
  while (from > 0 && !isStart(lines[from] ?? line)) from -= 1
  let to = line.number
  for (let seen = 0; to < lines.length && seen < following; to += 1) {
    const one = lines[to]
    if (one !== undefined && isStart(one)) seen += 1
  }
  // A decorator belongs to what follows it.
  while (from > 0 && lines[from - 1]?.masked.startsWith('@') === true) from -= 1
  return { from: lines[from]?.at ?? 0, to: to >= lines.length ? text.length : (lines[to - 1]?.at ?? text.length) }
}
