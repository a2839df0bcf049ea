import type { PythonValue } from '../../platform/ports/python-value.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { memoize } from '../memoize.ts'
import { itemsOf, numberOf, runScript, textOf } from '../python/scripts.ts'

/**
 * A change of lines: those from `first` up to but without `last`, counted from 1, are replaced by `lines`. `near` is the
 * line that a person would look at; for an insertion the one after which something is missing.
 */
export interface Edit {
  first: number
  last: number
  lines: readonly string[]
  near: number
  /** The function it is in, or the kind of change. */
  about: string
}

/** A program as edits count its lines: as written, or laid out anew where several statements share a line. */
export interface Layout {
  source: string
  /** The line as written of each line, the first at index 0. */
  written: readonly number[]
}

/** How a program compares with a right one: how far it is, and the share of its statements that the right one has. */
export interface Alignment {
  right: string
  cost: number
  share: number
  /** The names of the right program with those of the program, by function; '' is the top. */
  names: ReadonlyMap<string, ReadonlyMap<string, string>>
  edits: readonly Edit[]
}

const seconds = 10
const mostEdits = 600
const recallAlignments = memoize<{ layout: Layout; alignments: Alignment[] } | undefined>(500)

/** The program with some edits, which do not overlap; undefined when they do. */
export function applied({ source }: Layout, edits: readonly Edit[]): string | undefined {
  const lines = source.split('\n')
  let before = Number.POSITIVE_INFINITY
  const ordered = edits.toSorted((one, other) => one.first - other.first || one.last - other.last)
  for (const { first, last, lines: put } of ordered.toReversed()) {
    if (last > before) return undefined
    lines.splice(first - 1, last - first, ...put)
    before = first
  }
  return filled(lines).join('\n')
}

const indentOf = (line: string): number => line.length - line.trimStart().length
const isCode = (line: string): boolean => !/^\s*(#|$)/u.test(line)

/** The lines with `pass` after each line that opens a block which an edit has emptied. */
function filled(lines: readonly string[]): string[] {
  const code = lines.map((line, at) => ({ line, at })).filter(({ line }) => isCode(line))
  const empty = new Set(
    code.flatMap(({ line, at }, index) => {
      const opens = /^\s*(?:if|elif|else|for|while|def|class|try|except|finally|with|async)\b.*:\s*(?:#.*)?$/u.test(
        line,
      )
      const next = code[index + 1]
      return opens && (next === undefined || indentOf(next.line) <= indentOf(line)) ? [at] : []
    }),
  )
  return lines.flatMap((line, at) => (empty.has(at) ? [line, `${' '.repeat(indentOf(line) + 4)}pass`] : [line]))
}

/** Compares a program with right ones, the nearest first; undefined when it does not parse. */
export async function alignmentsOf(
  source: string,
  rights: readonly string[],
  whole: boolean,
  sandbox: Sandbox,
): Promise<{ layout: Layout; alignments: Alignment[] } | undefined> {
  return recallAlignments(JSON.stringify([source, rights, whole]), async () => {
    const output = await runScript('alignment', { source, rights, whole }, sandbox, seconds)
    if (output === undefined || output.kind === 'none') return undefined
    const [text, lines, all] = itemsOf(output)
    const alignments = itemsOf(all).flatMap((one, at) =>
      one.kind === 'none' ? [] : [alignmentIn(one, rights[at] ?? '')],
    )
    return {
      layout: { source: textOf(text), written: itemsOf(lines).map(numberOf) },
      alignments: alignments.toSorted((one, other) => one.cost - other.cost),
    }
  })
}

function alignmentIn(value: PythonValue, right: string): Alignment {
  const [cost, share, names, edits] = itemsOf(value)
  const maps = itemsOf(names).map(pair => {
    const [name, map] = itemsOf(pair)
    const entries = map?.kind === 'dict' ? map.entries.map(([key, to]) => [textOf(key), textOf(to)] as const) : []
    return [textOf(name), new Map(entries)] as const
  })
  const size = share?.kind === 'float' ? share.value : share?.kind === 'int' ? Number(share.value) : 0
  return { right, cost: numberOf(cost), share: size, names: new Map(maps), edits: itemsOf(edits).map(editIn) }
}

function editIn(value: PythonValue): Edit {
  const [first, last, lines, near, about] = itemsOf(value)
  return {
    first: numberOf(first),
    last: numberOf(last),
    lines: itemsOf(lines).map(textOf),
    near: numberOf(near),
    about: textOf(about),
  }
}

/** Changes of one token or one statement, at most 600; undefined when the program does not parse. */
export async function smallEdits(
  source: string,
  rights: readonly string[],
  sandbox: Sandbox,
): Promise<{ layout: Layout; edits: Edit[] } | undefined> {
  const output = await runScript('edits', { source, rights, most: mostEdits }, sandbox, seconds)
  if (output === undefined || output.kind === 'none') return undefined
  const [text, lines, edits] = itemsOf(output)
  return {
    layout: { source: textOf(text), written: itemsOf(lines).map(numberOf) },
    edits: itemsOf(edits).map(editIn),
  }
}
