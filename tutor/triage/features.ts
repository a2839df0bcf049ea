import { anyOf, cues } from './cues.ts'
import type { Message } from './message.ts'

/** A line of code with a common syntax error: a block without its colon, or `=` in a condition. */
const slip = anyOf(
  [/^\s*(?:(?:for|while|if|elif|def|class)\b[^:#]*|else\s*)$/, /^\s*(?:if|elif|while)\b[^=!<>:]*[^=!<>:]=[^=]/],
  'm',
)
const word = /[\p{L}\p{N}_']+/gu

/**
 * The features of a message: which parts it has, cues in the whole message (`cue`) and in its first line (`cue^`), and
 * its words and pairs of words (`w:`). Each is present or absent. At most a few hundred per message.
 */
export function featuresOf({ title, prose, code, traceback, wordless, program }: Message): Set<string> {
  const found = new Set<string>()
  const add = (name: string, present: boolean): unknown => present && found.add(name)
  add('+code', code)
  add('+traceback', traceback)
  add('+wordless', wordless)
  const bare = code && prose === ''
  add('+bare-slip', bare && slip.test(program))
  add('+bare-block', bare && !slip.test(program) && /^\s*(?:def|class)\b/m.test(program))
  add('+bare-fragment', bare && !program.trim().includes('\n'))
  add('+slip', slip.test(program))
  add('+first-person', /\b(?:i|i'm|i've|my|me)\b/.test(prose))
  add('+short', prose.length < 25 && !code)
  add('+long', prose.length > 400)
  add('+link', prose.includes('[link]') || prose.includes('http'))
  add('+question', title.includes('?'))
  for (const [name, pattern] of cues) {
    add(name, pattern.test(prose))
    add(`${name}^`, pattern.test(title))
  }
  add('+cue-less', ![...found].some(name => !name.startsWith('+')))
  const words = title.match(word) ?? []
  for (const [at, value] of words.slice(0, 60).entries()) {
    found.add(`w:${value}`)
    if (at > 0) found.add(`w:${words[at - 1]} ${value}`)
  }
  found.add(`1:${words[0] ?? ''}`)
  for (const value of new Set((prose.match(word) ?? []).slice(0, 300))) found.add(`b:${value}`)
  return found
}
