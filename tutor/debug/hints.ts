import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Explanation } from '../explain/explanation.ts'
import type { Judgement } from '../grade/grade.ts'
import { noteText } from '../feedback/texts.ts'
import type { Found } from '../program/small-cases.ts'
import type { WrongStep } from './departure.ts'
import type { Fix } from './fix.ts'
import { leakedLines } from './leaks.ts'
import type { Suspect } from './scores.ts'
import type { Flow } from './suspects.ts'

/** What hints are made of; all of it was seen in runs. */
export interface Clues {
  judgement: Judgement
  failing: Found | undefined
  suspicious: readonly Suspect[]
  step?: WrongStep | null
  fix?: Fix | undefined
  flow?: Flow | undefined
  /** Right programs, of which no line may be told before level 4. */
  rights?: readonly string[]
  code?: string
  /** Why Python cannot read the program. */
  explanation?: Explanation | undefined
}

const folder = join(import.meta.dirname, 'texts')
const mostCodeLines = 12
const mostWords = 150

/** The texts of a language: one for each heading, with `{name}` places. */
function textsOf(language: string): ReadonlyMap<string, string> {
  const sections = readFileSync(join(folder, `${language}.md`), 'utf8').split(/^## /mu)
  return new Map(
    sections.slice(1).map(section => {
      const [name = '', ...lines] = section.split('\n')
      return [name.trim(), lines.join(' ').trim()] as const
    }),
  )
}
const known = new Map<string, ReadonlyMap<string, string>>()

/** @throws RangeError for a text that is not there, or lacks a value */
function say(name: string, values: Readonly<Record<string, string | number>> = {}, language = 'en'): string {
  const texts = known.get(language) ?? textsOf(language)
  known.set(language, texts)
  const text = texts.get(name)
  if (text === undefined) throw new RangeError(`there is no hint text ${name}`)
  return text.replaceAll(/\{(\w+)\}/gu, (_, key: string) => {
    const value = values[key]
    if (value === undefined) throw new RangeError(`the hint text ${name} lacks ${key}`)
    return String(value)
  })
}

/**
 * Four hints, levels 1 nudge (a question), 2 where, 3 what, 4 code, each at most 150 words. Up to level 3 none holds a line
 * of a right program or of the fix: a sentence that would is left out. Nothing of a hidden test's input is in them.
 */
export function hintLadder(clues: Clues): string[] {
  const forbidden = [...(clues.rights ?? []), ...(clues.fix === undefined ? [] : [clues.fix.program])]
  const levels = [nudge(clues), where(clues), what(clues)]
  const safe = levels.map(sentences => sentences.filter(text => leakedLines(text, forbidden).length === 0))
  const spoken = safe.map((sentences, at) => (sentences.length === 0 ? say(`fallback-${at + 1}`) : sentences.join(' ')))
  return [...spoken, code(clues)].map(shorten)
}

const shorten = (text: string): string => {
  const words = text.split(/(?<=\s)/u)
  return words.length <= mostWords ? text : `${words.slice(0, mostWords).join('').trimEnd()} ...`
}

/** A value or a call as code, on one line and not too long. */
const quoted = (text: string): string => {
  const line = text.replaceAll('\n', '⏎').replaceAll('`', "'")
  return `\`${line.length > 120 ? `${line.slice(0, 117)}...` : line}\``
}

/** The smallest failing test, where it may be shown. */
const shownFailing = ({ failing }: Clues): Found | undefined => (failing?.one.hidden === true ? undefined : failing)

function inputText(clues: Clues): string {
  const failing = shownFailing(clues)
  if (failing === undefined) return say('input-hidden')
  const { stdin } = failing.one.call
  if (failing.one.call.call === undefined && failing.one.call.steps === undefined)
    return stdin === undefined || stdin === '' ? say('input-none') : say('input-text', { input: quoted(stdin) })
  return say('input-call', { input: quoted(failing.one.label) })
}

function nudge(clues: Clues): string[] {
  const { judgement, failing, explanation } = clues
  if (explanation !== undefined) return [say('nudge-syntax'), explanation.question]
  const kind =
    judgement.verdict === 'error'
      ? 'loading'
      : judgement.verdict === 'timed_out'
        ? 'endless'
        : failing?.outcome.error === undefined
          ? 'value'
          : 'error'
  return [say(`nudge-${kind}`, { input: inputText(clues) }), say('nudge-question')]
}

/** What kind of statement stands on a line, by the text of the line. */
function kindOf(line: number, { code, flow }: Clues): string {
  const text = code?.split('\n')[line - 1]?.trim() ?? ''
  const [word = ''] = /^\w+/u.exec(text) ?? []
  if (flow?.openEnds.includes(line) === true) return 'end'
  if (
    [
      'if',
      'elif',
      'while',
      'for',
      'return',
      'def',
      'class',
      'import',
      'from',
      'print',
      'raise',
      'with',
      'except',
    ].includes(word)
  )
    return word === 'elif' ? 'if' : word === 'from' ? 'import' : word
  return /^[\w.[\]]+\s*[-+*/%]?=(?!=)/u.test(text) ? 'set' : 'other'
}

/** Whether the fix only adds something after a line. */
const isMissing = (line: number, { fix }: Clues): boolean =>
  fix?.kind === 'edited' &&
  fix.edits.some(({ first, last, near }) => first === last && (fix.layout.written[near - 1] ?? near) === line)

function where(clues: Clues): string[] {
  const [first, second] = clues.suspicious
  if (first === undefined) return []
  if (clues.explanation !== undefined) return [say('where-syntax', { line: first.line })]
  const values = { line: first.line }
  const look = isMissing(first.line, clues)
    ? say('where-missing', values)
    : say(`where-${kindOf(first.line, clues)}`, values)
  const other =
    second !== undefined && second.score > first.score * 0.8 ? [say('where-also', { line: second.line })] : []
  const { step } = clues
  const watch =
    step !== undefined &&
    step !== null &&
    shownFailing(clues) !== undefined &&
    !['error', 'return', 'printed'].includes(step.name)
      ? [say('where-watch', { name: quoted(step.name) })]
      : []
  return [look, ...other, ...watch]
}

function what(clues: Clues): string[] {
  const { judgement, step, explanation } = clues
  if (explanation !== undefined) return [explanation.cause]
  const failing = shownFailing(clues)
  const said = judgement.notes.filter(({ severity }) => severity === 'essential').slice(0, 2)
  const notes = said.map(one => asSentence(noteText(one)))
  if (failing === undefined) return [say('what-hidden'), ...notes]
  const { got, expected } = failing.outcome
  const result = say('what-result', { input: inputText(clues), got: quoted(got), expected: quoted(expected) })
  const isInside = step !== undefined && step !== null && step.name !== 'error' && step.got !== null
  return [result, ...(isInside ? [stepText(step)] : []), ...notes]
}

/** A note as it stands among sentences. */
const asSentence = (note: string): string =>
  `${note.charAt(0).toUpperCase()}${note.slice(1)}${/[.!?]$/u.test(note) ? '' : '.'}`

function stepText({ line, name, got, expected }: WrongStep): string {
  const values = { line, name: quoted(name), got: quoted(got ?? ''), expected: quoted(expected ?? '') }
  if (expected === null) return say('step-extra', values)
  return name === 'return'
    ? say('step-return', values)
    : name === 'printed'
      ? say('step-printed', values)
      : say('step', values)
}

function code({ fix, rights }: Clues): string {
  if (fix === undefined) return rights === undefined ? say('code-unread') : say('code-none')
  if (fix.kind === 'rewritten')
    return `${say('code-rewritten')}\n\`\`\`python\n${cut(fix.program.split('\n')).join('\n')}\n\`\`\``
  const { layout, edits } = fix
  const parts = edits.map(({ first, last, lines, near }) => {
    const line = layout.written[near - 1] ?? near
    const name = first === last ? 'code-add' : lines.length === 0 ? 'code-remove' : 'code-change'
    const text = lines.length === 0 ? layout.source.split('\n').slice(first - 1, last - 1) : lines
    return `${say(name, { line })}\n\`\`\`python\n${cut(text).join('\n')}\n\`\`\``
  })
  return parts.slice(0, 4).join('\n')
}

const cut = (lines: readonly string[]): readonly string[] =>
  lines.length <= mostCodeLines ? lines : [...lines.slice(0, mostCodeLines), '# ...']
