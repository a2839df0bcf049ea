import { partsOf } from '../message/parts.ts'

/** A block of code: `shown` is the fence after it, which says what it prints. */
export interface Block {
  kind: 'program' | 'session' | 'other'
  code: string
  shown: string | undefined
}

/** A text taken apart. `spans` is what stands between backticks, `prose` all that is no code. */
export interface ReadText {
  text: string
  blocks: Block[]
  spans: string[]
  prose: string
}

interface Fence {
  language: string
  lines: string[]
}

const opening = /^\s*(?:```|~~~)\s*([\w+-]*)[^`]*$/
const closing = /^\s*(?:```|~~~)\s*$/
const pythons: ReadonlySet<string> = new Set(['python', 'py', 'python3', 'py3'])
const outputs: ReadonlySet<string> = new Set(['', 'output', 'text', 'txt', 'console', 'plaintext', 'out'])

/** Takes a Markdown text apart: fences, spans and code without fences. A fence that is not closed goes on to the end. */
export function readText(text: string): ReadText {
  const { fences, rest } = fencesOf(text)
  const blocks: Block[] = []
  for (const { language, lines } of fences) {
    const last = blocks.at(-1)
    const code = lines.join('\n')
    if (/^\s*>>>/mu.test(code) || language === 'pycon') blocks.push({ kind: 'session', code, shown: undefined })
    else if (pythons.has(language)) blocks.push({ kind: 'program', code, shown: undefined })
    else if (outputs.has(language) && last?.kind === 'program' && last.shown === undefined) last.shown = code
    else blocks.push({ kind: 'other', code, shown: undefined })
  }
  const spans = [...rest.matchAll(/(`+)([^`]+)\1/gu)].map(([, , inside = '']) => inside.trim())
  const prose = rest.replaceAll(/(`+)[^`]+\1/gu, ' ')
  const bare = partsOf(prose).filter(part => part.kind !== 'prose')
  return {
    text,
    blocks: [...blocks, ...bare.map(({ text: code }) => ({ kind: 'other', code, shown: undefined }) as const)],
    spans,
    prose,
  }
}

function fencesOf(text: string): { fences: Fence[]; rest: string } {
  const [fences, rest]: [Fence[], string[]] = [[], []]
  let open: Fence | undefined
  for (const line of text.split('\n')) {
    if (open !== undefined && closing.test(line)) open = undefined
    else if (open !== undefined) open.lines.push(line)
    else {
      const language = opening.exec(line)?.[1]?.toLowerCase()
      if (language === undefined) rest.push(line)
      else fences.push((open = { language, lines: [] }))
    }
  }
  return { fences, rest: rest.join('\n') }
}

/** Comments and strings of a program as prose, and the rest, which is names and signs. */
export function readProgram(code: string): { prose: string; names: string } {
  const pattern = /"""[^]*?"""|'''[^]*?'''|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|#.*/gu
  return { prose: (code.match(pattern) ?? []).join('\n'), names: code.replaceAll(pattern, ' ') }
}
