import type { Candidate } from './changes.ts'
import { lineAt } from './source.ts'
import type { Spot } from './spot.ts'

/** Headers whose missing colon has a class of its own, by their first word. */
const headers: Readonly<Record<string, string>> = {
  if: 'if',
  elif: 'elif',
  else: 'else',
  for: 'for',
  while: 'while',
  def: 'def',
  class: 'class',
  try: 'try',
  except: 'try',
  finally: 'try',
  with: 'with',
  match: 'match',
  case: 'match',
}

/** The same candidate with the class that says more of its place: a colon is missing after `if`, a lambda's. */
export function named({ source }: Spot, candidate: Candidate): Candidate {
  const [change, other] = candidate.changes
  if (candidate.class !== 'colon-missing' || change === undefined || other !== undefined) return candidate
  const line = lineAt(source, change.at)
  const before = line?.masked.slice(0, change.at - line.at) ?? ''
  const word = /^\s*(?:async\s+)?(\w+)/.exec(before)?.[1] ?? ''
  const header = headers[word]
  if (header !== undefined) return { ...candidate, class: `colon-missing-${header}` }
  return /\blambda\b[^:]*$/.test(before) ? { ...candidate, class: 'lambda-colon-missing' } : candidate
}
