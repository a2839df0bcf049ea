import { createRequire } from 'node:module'
import type * as Ruff from '@astral-sh/ruff-wasm-nodejs'
import { type Edit, plainComparison } from './edit.ts'
import { ruffRules } from './rules.ts'

/** What ruff says of a place: its code, what its message has between backticks, and its edits that would mend it. */
export interface Diagnostic {
  rule: string
  names: string[]
  from: number
  to: number
  edits: Edit[]
}

interface Place {
  row: number
  column: number
}

const require = createRequire(import.meta.url)
const packageName = '@astral-sh/ruff-wasm-nodejs'
let loaded: Ruff.Workspace | undefined

/** The lint of `@astral-sh/ruff-wasm-nodejs`, 10 MB of WebAssembly, loaded at the first review. */
function workspace(): Ruff.Workspace {
  if (loaded === undefined) {
    const ruff = require(packageName) as typeof Ruff
    // As offsets into a string count.
    loaded = new ruff.Workspace({ 'target-version': 'py314', lint: { select: ruffRules } }, ruff.PositionEncoding.Utf16)
  }
  return loaded
}

/** A stack that overflowed leaves the memory of the module as it was then: the next review begins with a new one. */
function forget(): void {
  loaded = undefined
  delete require.cache[require.resolve(packageName)]
}

/**
 * What ruff says of a program by the rules of `rules.yaml`; undefined when it does not parse. After an error the next
 * call loads ruff anew. @throws RangeError or WebAssembly.RuntimeError for a program that is nested too deeply.
 */
export function lint(source: string): Diagnostic[] | undefined {
  let found: RuffDiagnostic[]
  try {
    found = workspace().check(source) as RuffDiagnostic[]
  } catch (error) {
    forget()
    throw error
  }
  if (found.some(({ code }) => code === null || code === 'invalid-syntax')) return undefined
  const starts = [0, ...[...source.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: end }) => index + end.length)]
  const offset = ({ row, column }: Place): number => (starts[row - 1] ?? source.length) + column - 1
  return found.map(({ code, message, start_location: start, end_location: end, fix }) => ({
    rule: code ?? '',
    names: [...message.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    from: offset(start),
    to: offset(end),
    edits: (fix?.edits ?? []).map(edit => ({
      from: offset(edit.location),
      to: offset(edit.end_location),
      text: plainComparison(edit.content ?? ''),
    })),
  }))
}

interface RuffDiagnostic {
  code: string | null
  message: string
  start_location: Place
  end_location: Place
  fix: { edits: { content: string | null; location: Place; end_location: Place }[] } | null
}
