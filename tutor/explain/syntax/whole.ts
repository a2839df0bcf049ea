import { meantBy } from '../../program/look-alikes.ts'
import type { Candidate, Change } from './changes.ts'
import { digitNames } from './digit-names.ts'
import type { Line, Source } from './source.ts'
import { type Spot, tokenAfter } from './spot.ts'

/** Ways to mend what runs through a whole program: look-alikes, braces, line numbers, prose. */
export function wholeCandidates(spot: Spot): Candidate[] {
  return [
    ...lookAlikes(spot),
    ...braces(spot.source),
    ...lineNumbers(spot.source),
    ...digitNames(spot.source),
    ...prose(spot),
    ...cutOff(spot),
  ].filter(({ changes }) => changes.length > 0)
}

/** A longer line is no header and no remark, which bounds the time of any pattern. */
const maxLine = 400

/** As many look-alikes are replaced at once. */
const maxLookAlikes = 1_000

const quotes = /["']/

/** Characters that only look like the ones that are meant: all outside strings, and quotation marks everywhere. */
function lookAlikes({ source, at }: Spot): Candidate[] {
  const found: { change: Change; meant: string; character: string }[] = []
  const looks = new Map<string, string | undefined>()
  for (const match of source.text.matchAll(/[^\t\n\f\r -~]/gu)) {
    if (found.length >= maxLookAlikes) break
    const meant = looks.has(match[0]) ? looks.get(match[0]) : meantBy(match[0])
    looks.set(match[0], meant)
    if (meant !== undefined)
      found.push({
        change: { at: match.index, end: match.index + match[0].length, text: meant },
        meant,
        character: match[0],
      })
  }
  if (found.length === 0) return []
  const isText = (place: number): boolean => {
    const token = source.tokens[tokenAfter(source.tokens, place)]
    return token !== undefined && token.at <= place && (token.kind === 'string' || token.kind === 'comment')
  }
  const outside = found.filter(({ change }) => !isText(change.at))
  const known = new Set(outside)
  const line = source.lines.find(one => one.at <= at && at <= one.end)
  const inLine = found.filter(({ change }) => line !== undefined && line.at <= change.at && change.at <= line.end)
  const groups = [
    outside,
    found.filter(({ meant }) => quotes.test(meant)),
    inLine,
    inLine.filter(({ meant }) => quotes.test(meant)),
    [...outside, ...found.filter(one => quotes.test(one.meant) && !known.has(one))],
    found,
  ]
  return groups.flatMap((group, rank): Candidate[] => {
    const first = group.find(({ change }) => change.at >= at) ?? group[0]
    if (first === undefined) return []
    const kind =
      first.meant === ''
        ? 'invisible-character'
        : first.meant === ' '
          ? 'blank-look-alike'
          : quotes.test(first.meant)
            ? 'curly-quotes'
            : 'sign-look-alike'
    const code = `U+${(first.character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    return [
      {
        class: kind,
        params: {
          character: kind.startsWith('invis') || kind.startsWith('blank') ? code : `${first.character} (${code})`,
          meant: first.meant,
        },
        changes: group.map(({ change }) => change),
        cost: 0.8 + rank * 0.05,
        look: first.change.at,
      },
    ]
  })
}

const headed =
  /^\s*\}?\s*(?:if|elif|else|for|while|def|class|try|except|finally|with|match|case|switch|function|catch)\b/

/** Blocks in braces: those that open become colons, those that close go. */
function braces({ lines }: Source): Candidate[] {
  const changes: Change[] = []
  for (const [index, line] of lines.entries()) {
    if (line.text.length > maxLine) continue
    const masked = line.masked.trimEnd()
    const brace = /\s*:?\s*\{$/.exec(masked)
    const alone = /^\s*\{$/.test(masked)
    if (headed.test(masked) && brace !== null)
      changes.push({ at: line.at + brace.index, end: line.at + masked.length, text: ':' })
    else if (headed.test(masked) && nextIsBrace(lines, index))
      changes.push({ at: line.at + masked.length, end: line.at + masked.length, text: masked.endsWith(':') ? '' : ':' })
    else if (alone) changes.push({ at: line.at, end: line.end, text: '' })
    const close = /^\s*\}\s*;?\s*/.exec(masked)
    if (close !== null && (headed.test(masked) || close[0].length === masked.length))
      changes.push({ at: line.at + line.indent.length, end: line.at + close[0].length, text: '' })
  }
  const opened = changes.some(({ text }) => text === ':')
  return opened ? [{ class: 'braces-for-blocks', changes, cost: 1 }, ...elseIf(lines, changes)] : []
}

/** The same, where `else if` stands between the braces. */
function elseIf(lines: readonly Line[], changes: readonly Change[]): Candidate[] {
  const words = lines.flatMap((line): Change[] => {
    const match = /\belse\s+if\b/.exec(line.masked)
    return match === null
      ? []
      : [{ at: line.at + match.index, end: line.at + match.index + match[0].length, text: 'elif' }]
  })
  return words.length === 0 ? [] : [{ class: 'braces-for-blocks', changes: [...changes, ...words], cost: 1.1 }]
}

const nextIsBrace = (lines: readonly Line[], index: number): boolean =>
  /^\s*\{\s*$/.test(lines[index + 1]?.masked ?? '')

/** Numbers at the begin of most lines, which were pasted along. */
function lineNumbers({ lines }: Source): Candidate[] {
  const code = lines.filter(({ text }) => text.trim() !== '')
  const numbered = code.map(line => ({ line, match: /^\s*\d+(?:[.:)|]\s?|\s|\t|$)/.exec(line.text) }))
  const some = numbered.filter(({ match }) => match !== null)
  if (some.length < 2 || some.length * 2 < code.length) return []
  return [
    {
      class: 'line-numbers',
      changes: some.map(({ line, match }) => ({ at: line.at, end: line.at + (match?.[0].length ?? 0), text: '' })),
      cost: 0.7,
    },
  ]
}

const word = /^[\p{L}'’-]+[,.;:!?]?$/u

/** Lines of plain language, which become comments. */
function prose({ source, near, line }: Spot): Candidate[] {
  const isProse = (one: Line): boolean => {
    if (one.text.length > maxLine) return false
    const words = one.text.trim().split(/\s+/)
    const plain = words.filter(part => word.test(part)).length
    return (
      words.length >= 3 &&
      plain / words.length >= 0.7 &&
      !headed.test(one.masked) &&
      !one.masked.trimEnd().endsWith(':')
    )
  }
  const comment = (lines: readonly Line[], cost: number): Candidate => ({
    class: 'prose-in-code',
    changes: lines.map(one => ({ at: one.at + one.indent.length, end: one.at + one.indent.length, text: '# ' })),
    cost,
  })
  const run = source.lines.slice(line.number - 1).findIndex(one => !isProse(one))
  const lines = source.lines.slice(line.number - 1, run === -1 ? undefined : line.number - 1 + run)
  return [
    ...near.filter(isProse).map(one => comment([one], 1.75)),
    ...(lines.length > 1 ? [comment(lines, 1.4)] : []),
    ...(isProse(line)
      ? [
          comment(
            source.lines.filter(one => !one.inString && isProse(one) && /^\s*[A-Z]/.test(one.text)),
            1.8,
          ),
        ]
      : []),
  ]
}

/** A program that stops in the middle of its last statement: without it. */
function cutOff({ source, line }: Spot): Candidate[] {
  const last = source.lines.findLast(({ blank }) => !blank)
  if (last !== line || source.lines.filter(({ blank }) => !blank).length < 2) return []
  return [
    {
      class: 'program-cut-off',
      changes: [{ at: line.at + line.indent.length, end: line.end, text: 'pass' }],
      cost: last.tokens.length <= 2 ? 1.3 : 3,
    },
    { class: 'program-cut-off', changes: [{ at: line.at, end: line.end, text: '' }], cost: 3.1 },
  ]
}
