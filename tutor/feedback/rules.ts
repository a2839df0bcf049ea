import type { Exercise } from '../exercise/parse-exercise.ts'
import type { Facts } from '../program/facts.ts'
import { type Note, note } from './note.ts'

/** The rules of an exercise that a program breaks, each as a note; a broken rule never fails a test. */
export function brokenRules({ rules = {} }: Exercise, facts: Facts): Note[] {
  const { ban_calls = [], require_function, no_imports = false, max_lines } = rules
  const notes = ban_calls.flatMap(banned => {
    const use = facts.calls.find(({ name }) => isUse(name, banned))
    return use === undefined ? [] : note('rule-banned', { name: banned, line: use.line })
  })
  if (require_function !== undefined && !facts.functions.includes(require_function))
    notes.push(note('rule-function', { name: require_function }))
  const [first] = facts.imports
  if (no_imports && first !== undefined) notes.push(note('rule-import', { line: first }))
  if (max_lines !== undefined && facts.codeLines > max_lines)
    notes.push(note('rule-max-lines', { lines: facts.codeLines, max: max_lines }))
  return notes
}

/**
 * `list.sort` and `sort` ban `.sort()` on any value, since a name does not reveal its type; `math.prod` and `sorted`
 * ban only themselves.
 */
function isUse(used: string, banned: string): boolean {
  const method = /^(?:(?:str|list|dict|set|tuple|int|float|bytes)?\.)?(\w+)$/.exec(banned)?.[1]
  return used === banned || (method !== undefined && used === `.${method}`)
}
