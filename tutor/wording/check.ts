import { PlatformError } from '../../platform/errors.ts'
import { languageOf } from '../message/language.ts'
import { partsOf } from '../message/parts.ts'
import { asItLooks } from '../program/look-alikes.ts'
import { type Brief, maxWordsOf, type Refusal, verifiedOf } from './brief.ts'
import { changesVerdict } from './claims.ts'
import { changesNumbers } from './numbers.ts'
import { isGiven, type Trial, tryPrograms } from './own-programs.ts'
import { readProgram, type ReadText, readText } from './read-text.ts'
import { solutionLines } from './solution-lines.ts'
import { wordsTaken } from './vocabulary.ts'

/** What a check looks at. `text` is the wording with every look-alike replaced by what it looks like. */
interface Look {
  text: string
  brief: Brief
  read: ReadText
  student: Student
  /** What is verified, and that with the programs of the student, from which code may be taken. */
  verified: string
  given: string
}

/** What a student wrote, apart: words, names and numbers of programs, and these programs. */
interface Student {
  prose: string
  names: string
  code: string
}

const maxLetters = 40
const bare = (text: string): string => text.replaceAll(/\s+/gu, '')

const links =
  /\b(?:https?|ftp|file|mailto|javascript|vbscript):|\bdata:\w+\/|\bwww\.|\]\s?\(|\]:\s|[\w.+-]+@[\w-]+\.\w|\b[\w-]+\.(?:com|org|net|io|dev|ru|cn|info|xyz|app|site|top|me|ly|link)\b/giu
const markup =
  /<\s*[/!]?\s*(?:script|iframe|img|svg|style|object|embed|link|meta|form|base|body|video|audio)\b|\bon\w{3,20}\s*=\s*["']|!\[/iu

function hasLink({ text, verified }: Look): boolean {
  return (text.match(links) ?? []).some(link => !verified.includes(link))
}

function hasMarkup({ text, read, verified }: Look): boolean {
  return (markup.test(text) && !markup.test(verified)) || /<[a-z!/?]/iu.test(read.prose)
}

/** Characters that nobody sees, and words so long that they can only be something encoded. */
function hasStrange(wording: string, verified: string): boolean {
  const unseen = wording.match(/(?![\n\t])[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu) ?? []
  const long = wording.match(new RegExp(`[\\w+/=-]{${maxLetters},}`, 'gu')) ?? []
  return [...unseen, ...long].some(part => !verified.includes(part))
}

function readStudent({ message, code }: Brief): Student {
  const parts = [...partsOf(message), ...(code === null ? [] : [{ kind: 'code', text: code } as const])]
  const programs = parts.filter(({ kind }) => kind !== 'prose').map(({ text }) => text)
  const read = programs.map(readProgram)
  const said = parts.filter(({ kind }) => kind === 'prose').map(({ text }) => text)
  return {
    prose: [...said, ...read.map(({ prose }) => prose)].join('\n'),
    names: read.map(({ names }) => names).join('\n'),
    code: programs.join('\n'),
  }
}

const followsStudent = ({ text, student, verified }: Look): boolean => wordsTaken(text, student, verified).length > 0

const isForeign = ({ read, brief }: Look): boolean =>
  languageOf(read.prose) !== languageOf(readText(brief.text).prose) ||
  (read.prose.match(/\p{L}/gu) ?? []).some(letter => !/\p{Script=Latin}/u.test(letter) && !brief.text.includes(letter))

/** An assignment, also in the middle of a sentence. */
const assignment = /[\w\])]+ ?(?:\*\*|\/\/|[-+*/%])?=(?!=) ?[\w"'[({-]+(?: ?(?:\*\*|\/\/|[-+*/%]) ?[\w"'[({-]+)*/gu

/** Code of the wording that is neither in the answer nor the student's. */
function addsCode({ read, brief, given }: Look): boolean {
  const known = bare(given)
  if (read.blocks.some(block => !isGiven(block, given))) return true
  if ((read.prose.match(assignment) ?? []).some(code => !known.includes(bare(code)))) return true
  return read.spans.some(span => !known.includes(bare(span)) && (brief.level !== null || !/^\w{1,20}$/u.test(span)))
}

/** Whether a program that the answer shows is not in the wording any more. */
const lacksCode = ({ read, brief }: Look): boolean => {
  const kept = new Set(read.blocks.map(({ code }) => code.trim()))
  return readText(brief.text).blocks.some(({ kind, code }) => kind === 'program' && !kept.has(code.trim()))
}

/** Whether it has a line of a solution that the answer has not. */
function leaks({ text, brief }: Look): boolean {
  if (brief.level === 4 || brief.solutions.length === 0) return false
  const told = new Set(solutionLines(brief.text, brief.solutions))
  return solutionLines(text, brief.solutions).some(line => !told.has(line))
}

/** Checks that need no program, in order; the first that finds something says why. */
const checks: readonly [Refusal, (look: Look) => boolean][] = [
  ['link', hasLink],
  ['markup', hasMarkup],
  ['language', isForeign],
  ['solution_line', leaks],
  ['instruction_followed', followsStudent],
  ['verdict', ({ text, brief }) => changesVerdict(text, brief.text)],
]

/** Why a wording is not shown in place of the answer; undefined when it may be. */
export async function checkWording(
  wording: string,
  brief: Brief,
  canary: string,
  trial: Trial,
): Promise<Refusal | undefined> {
  const text = asItLooks(wording)
  if (text.trim() === '') return 'empty'
  const max = maxWordsOf(brief)
  if (text.split(/\s+/).length > max || text.length > max * 12) return 'too_long'
  const [student, raw] = [readStudent(brief), verifiedOf(brief)]
  const [verified, given] = [asItLooks(raw), asItLooks(`${raw}\n${student.code}`)]
  const look: Look = { text, brief, read: readText(text), student, verified, given }
  if (text.includes(canary)) return 'instructions_told'
  if (hasStrange(wording, raw)) return 'characters'
  const found = checks.find(([, finds]) => finds(look))?.[0]
  if (found !== undefined) return found
  if (!brief.ownPrograms) {
    if (addsCode(look)) return 'code_added'
    if (lacksCode(look)) return 'code_missing'
    return factsRefusal(look, '')
  }
  // What runs is what would be shown, look-alikes and all.
  const shown = readText(wording)
  const tried = await tryPrograms(shown, `${raw}\n${student.code}`, trial).catch((error: unknown) => {
    if (error instanceof PlatformError) return 'unchecked' as const
    throw error
  })
  if (typeof tried === 'string') return tried
  const own = shown.blocks.map(({ code }) => code.replaceAll(/#.*/gu, ''))
  return factsRefusal(look, [...tried.outputs, ...own].join('\n'))
}

/** Whether a number or the name of an error is neither verified nor in code; `proven` is what programs have shown. */
function factsRefusal({ text, brief, student, verified }: Look, proven: string): Refusal | undefined {
  const known = `${verified}\n${proven}`
  if (changesNumbers(text, asItLooks(brief.text), { known: `${known}\n${student.names}`, verified: known }))
    return 'number'
  const names = text.match(/\b[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Iteration)\b/gu) ?? []
  return names.every(name => known.includes(name)) ? undefined : 'error_name'
}
