import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Problem } from '../../schemas/positions.ts'
import { factsOf } from '../program/facts.ts'
import type { At } from './check-tests.ts'
import type { Exercise } from './parse-exercise.ts'

/** What calls or finds a function by the text of its name. */
const lookups = new Set(['eval', 'exec', 'globals', 'locals', 'vars', 'getattr', 'compile'])

/**
 * Refuses a prelude that calls the program under test, or is given something of it: the program runs after the prelude
 * and could change what the prelude says of it. Helpers come after the program.
 */
export async function judgingPrelude(exercise: Exercise, sandbox: Sandbox, at: At): Promise<Problem[]> {
  const { prelude, reference, entry } = exercise
  if (prelude === undefined) return []
  const [facts, program] = [await factsOf(prelude, sandbox), await factsOf(reference, sandbox)]
  if (facts === undefined) return []
  const own = new Set([...entry, ...(program?.defined ?? [])].filter(name => !facts.defined.includes(name)))
  const byName = facts.calls.some(({ name }) => lookups.has(name))
  const called =
    facts.calls.find(({ name }) => own.has(name))?.name ??
    (byName ? [...own].find(name => new RegExp(String.raw`\b${name}\b`).test(prelude)) : undefined)
  const texts = exercise.tests.flatMap(test =>
    'steps' in test ? test.steps.map(step => ('call' in step ? step.call : step.do)) : 'call' in test ? test.call : [],
  )
  const given = facts.functions.find(name => texts.some(text => givenTo(name, text).some(word => own.has(word))))
  if (called === undefined && given === undefined) return []
  const what =
    called === undefined ? `${given} of the prelude is given a part of the program` : `the prelude uses ${called}`
  const why = 'so a program could change what is said of it'
  return [
    at(['prelude'], `${what}, ${why}: put it under helpers, which come after the program, or write the test in steps`),
  ]
}

/** The names among the arguments of each call of a function in a text. */
function givenTo(name: string, text: string): string[] {
  return [...text.matchAll(new RegExp(String.raw`(?<![\w.])${name}\s*\(`, 'g'))].flatMap(({ index, 0: start }) => {
    let depth = 1
    const from = index + start.length
    let end = from
    for (; end < text.length && depth > 0; end += 1) depth += { '(': 1, ')': -1 }[text[end] ?? ''] ?? 0
    return text.slice(from, end).match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []
  })
}
