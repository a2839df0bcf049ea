import type { MessageReading } from '../message/read-message.ts'
import { cues } from './cues.ts'
import { kindOf, stemOf, wordsOf } from './tokens.ts'

/** A line of code with a common syntax error: a block without its colon, or `=` in a condition. */
const slip =
  /^[ \t]*(?:(?:for|while|if|elif|def|class)\b[^:#\n]*|else[ \t]*)$|^[ \t]*(?:if|elif|while)\b[^=!<>:\n]*[^=!<>:\n]=[^=]/m
const errorName = /\b[A-Z]\w{0,60}(?:Error|Exception|Warning|Interrupt)\b\s*(?::|$)|\bexit code [1-9-]/m
const longestProse = 6_000
/** Pieces of so many letters of the first line are features, so that a misspelt or inflected word counts in part. */
const piece = 4
const longestLetters = 300

/**
 * The features of a message, each present or absent, at most about a thousand. Their names say what they are: `+`: the
 * parts that it has; `cue` (of `cues.txt`) and `cue^` (in its first line); of the first line its words (`w:`, `w2:` in
 * pairs), the kinds of its words (`k:`, `k2:`, `k3:`; topics, errors and numbers are one kind each), how it begins
 * (`1:`, `12:`) and ends (`z:`), and pieces of four letters (`c:`); of the whole its words (`b:`, `b2:`); of its questions the kinds (`q:`, `q2:`).
 */
export function featuresOf(text: string, message: MessageReading): Set<string> {
  const found = new Set<string>()
  const prose = message.prose
    .slice(0, longestProse)
    .toLowerCase()
    .replace(/[’‘´`]/g, "'")
  const title = prose.split('\n', 1)[0] ?? ''
  addShape(found, text, message, prose, title)
  for (const [name, pattern] of cues) {
    if (pattern.test(prose)) found.add(`cue:${name}`)
    if (pattern.test(title)) found.add(`cue^:${name}`)
  }
  addTitle(found, title)
  const words = wordsOf(prose).slice(0, 400).map(stemOf)
  for (const [at, word] of words.entries()) {
    found.add(`b:${word}`)
    if (at > 0 && at < 250) found.add(`b2:${words[at - 1]} ${word}`)
  }
  for (const question of message.questions.slice(0, 6)) {
    const kinds = wordsOf(question.slice(0, 400)).slice(0, 40).map(kindOf)
    for (const [at, kind] of kinds.entries()) {
      found.add(`q:${kind}`)
      if (at > 0) found.add(`q2:${kinds[at - 1]} ${kind}`)
    }
  }
  return found
}

function addShape(found: Set<string>, text: string, message: MessageReading, prose: string, title: string): void {
  const add = (name: string, present: boolean): unknown => present && found.add(name)
  const program = message.code.slice(0, longestProse)
  const failed = message.errors.length > 0 || message.parts.some(({ kind }) => kind === 'tests')
  const code = program !== ''
  const bare = code && prose === ''
  add('+code', code)
  add('+traceback', failed)
  add('+error-said', !failed && errorName.test(message.prose.slice(0, longestProse)))
  add(
    '+session',
    message.parts.some(({ kind }) => kind === 'session'),
  )
  add('+wordless', !/\p{L}/u.test(text))
  add('+bare-slip', bare && slip.test(program))
  add('+bare-block', bare && !slip.test(program) && /^\s*(?:def|class)\b/m.test(program))
  add('+bare-fragment', bare && !program.includes('\n'))
  add('+slip', slip.test(program))
  add('+first-person', /\b(?:i|i'm|im|i've|my|me)\b/.test(prose))
  add('+short', prose.length < 25 && !code)
  add('+long', prose.length > 400)
  add('+link', prose.includes('[link]') || prose.includes('http'))
  add('+question', title.includes('?'))
  add('+lang', message.language !== 'en')
}

function addTitle(found: Set<string>, title: string): void {
  const words = wordsOf(title.slice(0, 600)).slice(0, 60)
  const stems = words.map(stemOf)
  const kinds = words.map(kindOf)
  for (const [at, stem] of stems.entries()) {
    found.add(`w:${stem}`)
    found.add(`k:${kinds[at]}`)
    if (at > 0) found.add(`w2:${stems[at - 1]} ${stem}`)
    if (at > 0) found.add(`k2:${kinds[at - 1]} ${kinds[at]}`)
    if (at > 1) found.add(`k3:${kinds[at - 2]} ${kinds[at - 1]} ${kinds[at]}`)
  }
  const letters = ` ${words.join(' ')} `.slice(0, longestLetters)
  for (let at = 0; at + piece <= letters.length; at += 1) found.add(`c:${letters.slice(at, at + piece)}`)
  found.add(`1:${kinds[0] ?? ''}`)
  found.add(`12:${kinds[0] ?? ''} ${kinds[1] ?? ''}`)
  found.add(`z:${kinds.findLast(kind => kind !== '?' && kind !== '!') ?? ''}`)
}
