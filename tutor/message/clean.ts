import { headOf, indentOf } from './lines.ts'

const numbered = /^\s{0,6}(\d{1,4})(?:\s?[.:|)]|\t)?(?:\s|$)/
const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#39;': "'" }

/**
 * Code as it was before it was pasted: without line numbers that count up by one, without an indentation or `> ` that all lines share,
 * without the backslashes and entities of a forum's mark-up. What is there in a program itself is left alone.
 */
export function cleanCode(lines: readonly string[]): string {
  return unescape(dedent(withoutNumbers(withoutQuoteMarks(lines))))
    .join('\n')
    .replace(/^\n+/, '')
    .trimEnd()
}

function withoutQuoteMarks(lines: readonly string[]): readonly string[] {
  return lines.length > 0 && lines.every(line => /^\s{0,3}>(?: |$)/.test(line))
    ? lines.map(line => line.replace(/^\s{0,3}> ?/, ''))
    : lines
}

/** Removes the numbers of lines where every line that is not blank has one and they count up by one. */
function withoutNumbers(lines: readonly string[]): readonly string[] {
  const full = lines.filter(line => line.trim() !== '')
  const numbers = full.map(line => Number(numbered.exec(headOf(line))?.[1] ?? Number.NaN))
  const first = numbers[0] ?? Number.NaN
  if (full.length < 2 || !numbers.every((number, at) => number === first + at)) return lines
  return lines.map(line => line.replace(/^\s{0,6}\d{1,4}(?:\s?[.:|)] ?|\t| )?/, ''))
}

/** Whether these lines are a listing with numbers: at least two, counting up by one. */
export function countsUp(line: string, next: string): boolean {
  const number = numbered.exec(headOf(line))
  const after = numbered.exec(headOf(next))
  return number !== null && after !== null && Number(after[1]) === Number(number[1]) + 1
}

/** A line of a listing without its number. */
export const withoutNumber = (line: string): string => line.replace(/^\s{0,6}\d{1,4}(?:\s?[.:|)] ?|\t| )?/, '')

function dedent(lines: readonly string[]): readonly string[] {
  const least = Math.min(...lines.filter(line => line.trim() !== '').map(indentOf))
  if (!Number.isFinite(least) || least === 0) return lines
  return lines.map(line => {
    let cut = 0
    for (let width = 0; width < least && cut < line.length; cut += 1) width += line[cut] === '\t' ? 4 : 1
    return line.slice(cut)
  })
}

function unescape(lines: readonly string[]): readonly string[] {
  const escaped = lines.some(line => /\w\\_|\\_\w|\\\[|\w \\\*|\\#/.test(headOf(line).replace(/(["'])[^"']*\1/g, '')))
  return lines
    .map(line => (escaped ? line.replace(/\\([_*[\]#<>`~])/g, '$1') : line))
    .map(line => line.replace(/&(?:lt|gt|amp|quot|#39);/g, entity => entities[entity] ?? entity))
}
