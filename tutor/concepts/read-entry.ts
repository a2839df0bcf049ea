import { basename } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { modules } from '../../schemas/words.ts'

/** The levels at which a concept is explained, easiest first. */
export const levels = ['beginner', 'learning', 'proficient'] as const
export type Level = (typeof levels)[number]

const words = z.array(z.string().min(1)).min(1)
const Name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)

/** The front matter of a concept: `names` and `code` are what questions call it; `needs` are its prerequisites. */
export const ConceptHead = z.strictObject({
  title: z.string(),
  module: z.enum(modules),
  needs: z.array(Name).max(4),
  names: words,
  code: z.array(z.string()).default([]),
  /** Regular expressions of what the concept looks like in a program. */
  shapes: z.array(z.string()).default([]),
  /** Names that exercises use for this concept, or for what it is practised by. */
  practised_as: words,
  exercises: z.array(Name).length(2),
  ask: z.string().endsWith('?'),
  answer: z.string(),
})

/** The front matter of a comparison: two sides, each by all its names, and the concepts it is about. */
export const ComparisonHead = z.strictObject({
  title: z.string(),
  about: z.array(Name).min(1),
  sides: z.tuple([words, words]),
  names: z.array(z.string()).default([]),
})

/** The front matter of a "why" question. */
export const WhyHead = z.strictObject({ title: z.string(), about: z.array(Name).min(1), names: words })

/** A program in a text: its line in the file, what it reads, what is shown as its output, or as its steps. */
export interface Snippet {
  line: number
  code: string
  stdin: string | undefined
  shown: string | undefined
  steps: string | undefined
}

/** A part of an entry: the text under a heading, and its program. */
export interface Section {
  heading: string
  line: number
  text: string
  snippet: Snippet | undefined
}

/** A file of the library; `head` is not yet checked. The section before the first heading has an empty heading. */
export interface Entry {
  id: string
  path: string
  head: unknown
  sections: readonly Section[]
}

/** Reads an entry. @throws SyntaxError when there is no front matter or a fence is not closed. */
export function readEntry(path: string, source: string): Entry {
  const [, front, body] = /^---\n([^]*?)\n---\n([^]*)$/.exec(source) ?? []
  if (front === undefined || body === undefined) throw new SyntaxError(`${path}:1: a file begins with --- and its head`)
  const lines = body.split('\n')
  const first = front.split('\n').length + 3
  const starts = sectionStarts(lines)
  const sections = starts.map((start, at) => readSection(path, lines.slice(start, starts[at + 1]), first + start))
  return {
    id: basename(path, '.md'),
    path,
    head: parse(front),
    sections: sections.filter(({ heading, text, snippet }) => heading !== '' || text !== '' || snippet !== undefined),
  }
}

function sectionStarts(lines: readonly string[]): number[] {
  const starts = [0]
  let fenced = false
  for (const [at, line] of lines.entries()) {
    if (line.startsWith('```')) fenced = !fenced
    else if (!fenced && line.startsWith('## ') && at > 0) starts.push(at)
  }
  return starts
}

function readSection(path: string, lines: readonly string[], first: number): Section {
  const heading = lines[0]?.startsWith('## ') === true ? lines[0].slice(3).trim() : ''
  const prose: string[] = []
  const fences = new Map<string, { line: number; text: string }>()
  let open: { kind: string; line: number; text: string[] } | undefined
  for (const [at, line] of lines.slice(heading === '' ? 0 : 1).entries()) {
    const number = first + at + (heading === '' ? 0 : 1)
    if (!line.startsWith('```')) (open?.text ?? prose).push(line)
    else if (open === undefined) open = { kind: line.slice(3), line: number, text: [] }
    else {
      if (fences.has(open.kind)) throw new SyntaxError(`${path}:${open.line}: a second ${open.kind} in one section`)
      fences.set(open.kind, { line: open.line, text: open.text.join('\n') })
      open = undefined
    }
  }
  if (open !== undefined) throw new SyntaxError(`${path}:${open.line}: this fence is not closed`)
  return { heading, line: first, text: paragraphs(prose), snippet: snippetOf(fences) }
}

const paragraphs = (prose: readonly string[]): string =>
  prose
    .join('\n')
    .trim()
    .split(/\n{2,}/)
    .map(paragraph => (paragraph.startsWith('- ') ? paragraph : paragraph.replaceAll('\n', ' ')))
    .join('\n\n')

function snippetOf(fences: ReadonlyMap<string, { line: number; text: string }>): Snippet | undefined {
  const code = fences.get('python')
  if (code === undefined) return undefined
  const [stdin, shown, steps] = ['input', 'output', 'steps'].map(kind => fences.get(kind)?.text)
  return { line: code.line, code: code.text, stdin, shown, steps }
}
