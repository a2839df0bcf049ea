import { anyOf } from './cues.ts'

/** A learner's message split up: the first line of prose, all prose (lower case), and its other parts. */
export interface Message {
  title: string
  prose: string
  code: boolean
  /** The lines of code. */
  program: string
  traceback: boolean
  /** Whether it has no letter of any script: only emoji, digits, punctuation or nothing. */
  wordless: boolean
}

const maxCharacters = 6_000
const fence = /^\s*(```|~~~)/
/** What a line of Python looks like, from its first non-blank character. */
const codeLine = anyOf([
  /^\s*(?:def|class|async def)\s+\w+.*:\s*(?:#.*)?$/,
  /^\s*(?:if|elif|while|for|with|try|else|except|finally)\b.*:\s*(?:#.*)?$/,
  /^\s*(?:import|from)\s+[\w.]+(?:\s+import\b.*|\s+as\s+\w+|\s*,.*)?$/,
  /^\s*return\b/,
  /^\s*@\w[\w.()]*$/,
  /^\s*(?:print|input)\s*\(/,
  /^\s*[\w.[\]"']+\s*(?:[-+*/%]?=)\s*\S/,
  /^\s*(?:>>>\s|\.\.\.\s|#\s)/,
  /^\s*[\w.]+\(.*\)\s*$/,
  /^\s*[[({].*[\])}]\s*$/,
  /^\s*[\])}]+,?$/,
  /^\s*(?:break|continue|pass)$/,
])
/** What Python prints when a program fails. */
const errorText = anyOf(
  [
    /\b(?:[A-Z]\w*(?:Error|Exception|Warning|Interrupt)|StopIteration|SystemExit)\b\s*(?::|$)/,
    /Traceback \(most recent call last\)/,
    /^\s*File ".*", line \d+/,
    /^E {2,}/,
    /^FAILED\b/,
    /\bexit code [1-9-]/,
  ],
  'm',
)

/** Splits a message into prose and code by lines; looks at the first 6,000 characters. Never throws. */
export function readMessage(text: string): Message {
  const prose: string[] = []
  const program: string[] = []
  let fenced = false
  for (const line of text
    .slice(0, maxCharacters)
    .normalize('NFKC')
    .split(/\r\n|[\n\r\u2028]/)) {
    if (fence.test(line)) {
      fenced = !fenced
    } else if (fenced || isCode(line)) program.push(line)
    else if (line.trim() !== '') prose.push(line.trim())
  }
  const joined = prose
    .join(' \n ')
    .toLowerCase()
    .replace(/[’‘´`]/g, "'")
  return {
    title: joined.split('\n')[0] ?? '',
    prose: joined,
    code: program.length > 0,
    program: program.join('\n'),
    traceback: errorText.test(text.slice(0, maxCharacters)),
    wordless: !/\p{L}/u.test(text),
  }
}

/**
 * Whether a line is Python rather than prose: it has the shape of a statement, and no run of plain words outside quotes
 * and comments.
 */
function isCode(line: string): boolean {
  if (!codeLine.test(line) && !/^(?: {4,}|\t)\S/.test(line)) return false
  const bare = line.replace(/(["']).*?\1/g, '').replace(/#.*/, '')
  return !/(?:\p{L}{2,}['’]?\p{L}*[ ,]+){5}\p{L}{2,}/u.test(bare) || /^(?: {4,}|\t)/.test(line)
}
