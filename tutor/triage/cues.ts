import { readFileSync } from 'node:fs'

/** One pattern that matches where any of these does. */
export const anyOf = (patterns: readonly (RegExp | string)[], flags = ''): RegExp =>
  new RegExp(patterns.map(pattern => (typeof pattern === 'string' ? pattern : pattern.source)).join('|'), flags)

/**
 * What a phrase reveals about the intent, from `cues.txt`: after `# name` one regular expression per line, any of which
 * gives a message the cue. Messages are matched in lower case.
 */
export const cues: readonly (readonly [name: string, pattern: RegExp])[] = readFileSync(
  new URL('cues.txt', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n\n')
  .map(block => {
    const [heading = '', ...patterns] = block.split('\n')
    const name = /^# (\w+)$/.exec(heading)?.[1]
    if (name === undefined || patterns.length === 0) throw new SyntaxError(`cues.txt: no cue begins with ${heading}`)
    return [name, anyOf(patterns)] as const
  })

const patterns = new Map(cues)

/** What in a text gives it a cue; empty where nothing does. */
export const wordsOfCue = (name: string, text: string): string =>
  patterns.get(name)?.exec(
    text
      .slice(0, 6_000)
      .toLowerCase()
      .replace(/[’‘´`]/g, "'"),
  )?.[0] ?? ''
