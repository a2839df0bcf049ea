import type { Candidate, Change } from './changes.ts'
import type { Line, Source } from './source.ts'
import type { Spot } from './spot.ts'

const header = /^\s*(?:async\s+)?(?:if|elif|else|for|while|def|class|try|except|finally|with|match|case)\b/
const branch = /^\s*(?:elif|else|except|finally)\b/
const maxLevels = 8

/** Ways to mend the indentation at the place where Python stops. */
export function indentationCandidates(spot: Spot): Candidate[] {
  const { source, line, fault, before } = spot
  const levels = levelsBefore(source, line)
  const found = levels.flatMap(level => [
    moved(spot, [line], level, nameOf(spot, level)),
    moved(spot, together(source, line), level, nameOf(spot, level)),
    moved(spot, block(source, line), level, nameOf(spot, level)),
  ])
  const deeper = bodies(spot, before ?? line)
  const tabbed = fault.type === 'TabError'
  const tabs = /\t/.test(line.indent + (before?.indent ?? '')) || tabbed ? tabsExpanded(source, tabbed ? 0.5 : 1) : []
  return [...found, ...deeper, ...tabs, ...outdentedBefore(spot), ...wholeProgram(source)].filter(
    ({ changes }) => changes.length > 0,
  )
}

/** The indentations of the lines before, the nearest first, without repeats. */
function levelsBefore({ lines, unit }: Source, line: Line): string[] {
  const levels = new Map<number, string>()
  for (let at = line.number - 2; at >= 0 && levels.size < maxLevels; at -= 1) {
    const one = lines[at]
    if (one === undefined || one.blank) continue
    if (!levels.has(one.width)) levels.set(one.width, one.indent)
    if (header.test(one.masked) && !levels.has(one.width + unit.length))
      levels.set(one.width + unit.length, one.indent + unit)
    if (one.width === 0) break
  }
  levels.set(0, '')
  return [...levels.entries()].filter(([width]) => width !== line.width).map(([, indent]) => indent)
}

/** The line and those that follow on it with the same indentation. */
function together({ lines }: Source, line: Line): Line[] {
  const found: Line[] = []
  for (const one of lines.slice(line.number - 1, line.number + 200)) {
    if (one.blank) continue
    if (one.width !== line.width) break
    found.push(one)
  }
  return found
}

/** The line and all that follow it, as deep as it or deeper. */
function block({ lines }: Source, line: Line): Line[] {
  const found: Line[] = []
  for (const one of lines.slice(line.number - 1, line.number + 400)) {
    if (one.blank) continue
    if (
      one.width < line.width ||
      (branch.test(one.masked) && one !== line && one.width === line.width && line.width === 0)
    )
      break
    found.push(one)
  }
  return found
}

function moved({ source, line }: Spot, lines: readonly Line[], level: string, name: string): Candidate {
  const changes = lines.map((one): Change => {
    const rest = one === line ? '' : one.indent.slice(line.indent.length)
    return { at: one.at, end: one.at + one.indent.length, text: level + rest }
  })
  const near = level === source.lines[line.number - 2]?.indent ? 0 : 0.1
  const far = Math.min(0.3, Math.abs(level.length - line.indent.length) * 0.02)
  return {
    class: name,
    changes,
    cost:
      1 +
      near +
      far +
      (level.length > line.indent.length && /^\s*(?:def|class)\b/.test(line.masked) ? 0.4 : 0) +
      Math.min(0.3, (lines.length - 1) * 0.03),
    look: line.at + line.indent.length,
  }
}

function nameOf({ fault, line }: Spot, level: string): string {
  if (branch.test(line.masked)) return 'branch-misaligned'
  if (/unexpected indent/.test(fault.message)) return 'indented-too-far'
  if (/unindent/.test(fault.message)) return 'indented-between'
  if (/outside function|outside loop|not properly in loop/.test(fault.message)) return outsideName(fault.message, line)
  return level.length > line.indent.length ? 'body-not-indented' : 'indented-too-far'
}

const outsideName = (message: string, line: Line): string =>
  /^\s*(\w+)/.exec(line.masked)?.[1] === 'return' || /'return'/.test(message)
    ? 'return-outside-function'
    : /yield|await/.test(message)
      ? 'yield-outside-function'
      : /continue/.test(message)
        ? 'continue-outside-loop'
        : 'break-outside-loop'

/** The header whose body is missing: the lines after it are indented, or `pass` is put there. */
function bodies({ source, line, fault }: Spot, previous: Line): Candidate[] {
  const expected = /expected an indented block/.test(fault.message)
  const on = Number(/on line (\d+)/.exec(fault.message)?.[1] ?? 0)
  const head = expected ? (source.lines[on - 1] ?? previous) : previous
  if (!expected && !header.test(head.masked)) return []
  const deeper = head.indent + source.unit
  const first = source.lines.slice(head.number).find(({ blank }) => !blank)
  const word = /^\s*(?:async\s+)?(\w+)/.exec(head.masked)?.[1] ?? 'if'
  const end = head.tokens.at(-1)?.end ?? head.end
  const pass: Candidate = {
    class: 'body-missing',
    params: { word, header_line: String(head.number) },
    changes: [{ at: head.end, end: head.end, text: `\n${deeper}pass` }],
    cost:
      first === undefined || first.width < head.width || /^\s*(?:def|class)\b/.test(first.masked) || end > line.at
        ? 1.2
        : 1.6,
    look: head.at + head.indent.length,
  }
  if (first === undefined || first.width > head.width) return [pass]
  const next = /^\s*(?:def|class)\b/.test(first.masked) && /^(?:def|class)$/.test(word) ? 0.5 : 0
  const until = bodyLines(source, first)
  const sizes = [
    ...new Set(
      [endedBy(word, until), until.length, 1, 2, 3, 4, until.length - 1].filter(
        size => size >= 1 && size <= until.length,
      ),
    ),
  ]
  return [
    pass,
    ...sizes.map((size, rank): Candidate => ({
      class: 'body-not-indented',
      params: { word, header_line: String(head.number) },
      changes: until.slice(0, size).map(one => ({ at: one.at, end: one.at, text: source.unit })),
      cost: 1.05 + rank * 0.05 + next,
      look: first.at + first.indent.length,
    })),
  ]
}

const leaves = /^\s*(?:return|raise|break|continue)\b/

/**
 * How many of the lines are the body, as what leaves it shows: nothing follows the first such line of a condition, nor
 * the last `return` of a function.
 */
function endedBy(word: string, lines: readonly Line[]): number {
  const leaving = lines.flatMap(({ masked }, at) => (leaves.test(masked) ? [at + 1] : []))
  const returning = lines.flatMap(({ masked }, at) => (/^\s*return\b/.test(masked) ? [at + 1] : []))
  if (/^(?:if|elif|else)$/.test(word)) return leaving[0] ?? lines.length
  return (word === 'def' ? returning.at(-1) : undefined) ?? lines.length
}

/** The lines that look like the body: up to a blank line, a definition, or one that stands further left. */
function bodyLines({ lines }: Source, first: Line): Line[] {
  const found: Line[] = []
  for (const one of lines.slice(first.number - 1, first.number + 60)) {
    if (one.tokens.length === 0 && found.length > 0) break
    if (one.blank) continue
    if (one.width < first.width || (/^\s*(?:def|class)\b/.test(one.masked) && one !== first)) break
    if (branch.test(one.masked) && one.width === first.width && found.length > 0) break
    found.push(one)
  }
  return found
}

/** A line before a branch that stands too far left, so that the branch has no header to belong to. */
function outdentedBefore({ source, line, before }: Spot): Candidate[] {
  if (before === undefined || !branch.test(line.masked)) return []
  const found: Candidate[] = []
  const lines: Line[] = []
  for (let at = before.number - 1; at >= 0 && lines.length < 6; at -= 1) {
    const one = source.lines[at]
    if (one === undefined || one.blank) continue
    if (one.width !== line.width || header.test(one.masked)) break
    lines.push(one)
    found.push({
      class: 'body-not-indented',
      params: { word: line.tokens[0]?.text ?? 'else', header_line: String(line.number) },
      changes: lines.map(({ at: start }) => ({ at: start, end: start, text: source.unit })),
      cost: 1.1 + lines.length * 0.05,
      look: one.at + one.indent.length,
    })
  }
  return found
}

/** Every tab of the program's indentation as blanks. */
function tabsExpanded({ lines }: Source, cost: number): Candidate[] {
  return [4, 8, 2].map((size, rank) => ({
    class: 'tabs-and-blanks',
    changes: lines
      .filter(({ indent, inString }) => indent.includes('\t') && !inString)
      .map(({ at, indent }) => ({ at, end: at + indent.length, text: indent.replaceAll('\t', ' '.repeat(size)) })),
    cost: cost + rank * 0.05,
  }))
}

/** A program that is indented as a whole. */
function wholeProgram({ lines }: Source): Candidate[] {
  const code = lines.filter(({ blank }) => !blank)
  const least = Math.min(...code.map(({ indent }) => indent.length))
  if (code.length === 0 || least === 0 || !Number.isFinite(least)) return []
  const changes = code.map(({ at }): Change => ({ at, end: at + least, text: '' }))
  return [{ class: 'program-indented', changes, cost: 0.8 }]
}
