import {
  type Document,
  isMap,
  isNode,
  isScalar,
  Lexer,
  LineCounter,
  type Node,
  Pair,
  parseDocument,
  Parser,
  visit,
} from 'yaml'
import type * as z from 'zod'
import { distance } from './distance.ts'
import { missing } from './missing.ts'

/** A fault of an exercise with its position in the file; `line` and `column` count from 1. */
export interface Problem {
  path: string
  line: number
  column?: number
  message: string
}

type Key = PropertyKey

/** A parsed YAML text with the positions of its nodes. */
export interface Yaml {
  value: unknown
  /** Syntax errors of the YAML itself. */
  faults: Problem[]
  /** The position of a value, or of the nearest enclosing value; with `key`, the position of that key. */
  placeOf(path: readonly Key[], key?: string): { line: number; column: number }
}

/** No exercise needs more; the parser itself would run out of stack. */
const maxDepth = 100

export function parseYaml(text: string, path: string): Yaml {
  const counter = new LineCounter()
  const deepAt = tooDeepAt(text, counter)
  if (deepAt !== undefined)
    return withoutValue({ path, ...placeAt(counter, deepAt), message: `is nested more than ${maxDepth} levels deep` })
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false })
  // What follows the first mistake is mostly its consequence.
  const faults = document.errors.slice(0, 1).map(({ code, message, pos: [start] }) => {
    const place = placeAt(counter, start)
    const said = code === 'MULTIPLE_DOCS' ? 'begins a second document: an exercise is one' : message
    return { path, ...place, message: unquotedIn(text.split('\n')[place.line - 1]) ?? said }
  })
  const value = faults.length > 0 ? undefined : valueOf(document)
  if (value instanceof WrongAlias) faults.push({ path, ...placeAt(counter, value.at), message: value.message })
  return {
    value: faults.length > 0 ? undefined : value,
    faults,
    placeOf(keys, key) {
      const start = key === undefined ? startOf(document, keys) : keyStart(document, keys, key)
      return placeAt(counter, start)
    },
  }
}

const signs = /[[\]{}(),:#&*!%@`"']/

/** Says which text of a line lacks quotes, where one seems to. */
function unquotedIn(line = ''): string | undefined {
  const [, key, value = ''] =
    /\b(call|expect|holds|by|do|raises|message|stdin|stdout):\s+([^"'|>\s].*)$/.exec(line) ?? []
  return key === undefined || !signs.test(value) ? undefined : `the text of ${key} is not in quotes: put it in quotes`
}

const withoutValue = (fault: Problem): Yaml => ({
  value: undefined,
  faults: [fault],
  placeOf: () => ({ line: fault.line, column: fault.column ?? 1 }),
})

/** Where the nesting becomes too deep; the lines up to there are counted. */
function tooDeepAt(text: string, counter: LineCounter): number | undefined {
  counter.addNewLine(0)
  const parser = new Parser(counter.addNewLine)
  for (const token of new Lexer().lex(text)) {
    for (const _ of parser.next(token)) continue
    if (parser.stack.length > maxDepth) return parser.offset
  }
  counter.lineStarts.length = 0
  return undefined
}

/** An alias without its anchor, or aliases that make the value much larger than the text ("billion laughs"). */
class WrongAlias {
  readonly at: number
  readonly message: string
  constructor(at: number, message: string) {
    this.at = at
    this.message = message
  }
}

function valueOf(document: Document): unknown {
  try {
    return document.toJS()
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    let wrong = new WrongAlias(0, '')
    visit(document, {
      Alias(_key, alias) {
        const at = alias.range?.[0] ?? 0
        const isKnown = alias.resolve(document) !== undefined
        wrong = new WrongAlias(
          at,
          isKnown ? 'repeats too much by aliases' : `*${alias.source} repeats what no &${alias.source} before it names`,
        )
        return isKnown ? undefined : visit.BREAK
      },
    })
    return wrong
  }
}

function placeAt(counter: LineCounter, start: number): { line: number; column: number } {
  const { line, col } = counter.linePos(start)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

function startOf(document: Document, keys: readonly Key[]): number {
  for (let length = keys.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(keys.slice(0, length) as unknown[], true)
    if (isNode(node)) return (node as Node).range?.[0] ?? 0
  }
  return 0
}

function keyStart(document: Document, keys: readonly Key[], key: string): number {
  const node: unknown = keys.length === 0 ? document.contents : document.getIn(keys as unknown[], true)
  const pair = isMap(node)
    ? node.items.find(item => item instanceof Pair && isScalar(item.key) && item.key.value === key)
    : undefined
  return pair !== undefined && isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : startOf(document, keys)
}

/** Every issue that Zod found, with its position; for a union, the issues of the option that fits best. */
export function placeIssues(
  issues: readonly z.core.$ZodIssue[],
  yaml: Yaml,
  path: string,
  known: readonly string[] = [],
): Problem[] {
  return issues
    .flatMap(issue => flatten(issue, []))
    .flatMap(({ issue, keys }) => {
      if (issue.code !== 'unrecognized_keys')
        return [{ path, ...yaml.placeOf(keys), message: `${named(keys)}${wordsOf(issue)}` }]
      return issue.keys.map(key => ({
        path,
        ...yaml.placeOf(keys, key),
        message: `${named(keys)}unknown key ${key}${/^\w+$/.test(key) ? nearest(key, known) : ': put the text in quotes'}`,
      }))
    })
}

/** What Zod says, and what helps against a number, list or mapping where a text is wanted. */
function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message
  if (issue.message === missing) return missing
  return `${issue.message}${issue.expected === 'string' ? ': put it in quotes' : ''}`
}

function nearest(word: string, known: readonly string[]): string {
  const [best] = known.map(name => ({ name, far: distance(name, word) })).toSorted((one, other) => one.far - other.far)
  return best !== undefined && best.far <= Math.max(2, word.length / 3) ? `: did you mean ${best.name}?` : ''
}

const named = (keys: readonly Key[]): string => (keys.length === 0 ? '' : `${keys.map(String).join('.')}: `)

interface Placed {
  issue: z.core.$ZodIssue
  keys: Key[]
}

function flatten(issue: z.core.$ZodIssue, above: readonly Key[]): Placed[] {
  const keys = [...above, ...issue.path]
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ issue, keys }]
  const options = issue.errors.map(errors => errors.flatMap(error => flatten(error, keys)))
  const weight = (option: readonly Placed[]): number =>
    option.reduce((sum, { issue: one }) => sum + (one.code === 'unrecognized_keys' ? one.keys.length : 1), 0)
  return options.toSorted((one, other) => weight(one) - weight(other))[0] ?? [{ issue, keys }]
}
