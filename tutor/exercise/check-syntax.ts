import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Problem } from '../../schemas/positions.ts'
import { surroundings } from '../grade/test-calls.ts'
import { itemsOf, numberOf, runScript, textOf } from '../python/scripts.ts'
import type { At } from './check-tests.ts'
import type { Exercise } from './parse-exercise.ts'

const seconds = 10

interface Snippet {
  keys: (string | number)[]
  mode: 'eval' | 'exec'
  text: string
}

/** Every piece of Python in an exercise's tests that does not parse, with its place. */
export async function syntaxProblems(exercise: Exercise, sandbox: Sandbox, at: At): Promise<Problem[]> {
  const snippets = snippetsOf(exercise)
  const asked = snippets.map(({ mode, text }) => [mode, text])
  const output = await runScript('syntax', asked, sandbox, seconds)
  if (output === undefined) return []
  return itemsOf(output).flatMap((fault, index) => {
    const snippet = snippets[index]
    if (fault.kind === 'none' || snippet === undefined) return []
    const [line, column, message] = itemsOf(fault)
    const place = numberOf(line) > 1 ? `line ${numberOf(line)}, column` : 'column'
    const name = snippet.keys.at(-1)
    return at(snippet.keys, `${name} is no Python at its ${place} ${numberOf(column)}: ${textOf(message)}`)
  })
}

function snippetsOf({ tests, helpers, prelude }: Exercise): Snippet[] {
  const of = (keys: (string | number)[], value: object): Snippet[] =>
    Object.entries(value).flatMap(([key, text]): Snippet[] => {
      if (typeof text !== 'string') return []
      if (key === 'do') return [{ keys: [...keys, key], mode: 'exec', text }]
      return ['call', 'expect', 'holds', 'by'].includes(key) ? [{ keys: [...keys, key], mode: 'eval', text }] : []
    })
  return [
    ...Object.entries({ prelude, helpers }).flatMap(([key, text]): Snippet[] =>
      text === undefined ? [] : [{ keys: [key], mode: 'exec', text }],
    ),
    ...tests.flatMap((test, at) => [
      ...of(['tests', at], test),
      ...('steps' in test ? test.steps.flatMap((step, index) => of(['tests', at, 'steps', index], step)) : []),
      ...Object.entries('patch' in test ? (test.patch ?? {}) : {}).map(([name, text]): Snippet => ({
        keys: ['tests', at, 'patch', name],
        mode: 'eval',
        text,
      })),
    ]),
  ]
}

/** The names in `entry` that the reference does not define. */
export async function entryProblems(exercise: Exercise, sandbox: Sandbox, at: At): Promise<Problem[]> {
  const { entry, reference: code, kind, limits } = exercise
  if (entry.length === 0 || (kind !== 'function' && kind !== 'class')) return []
  const calls = [...entry.map(name => ({ call: name })), { call: '[name for name in globals()]' }]
  const run = await sandbox.run({ ...surroundings(exercise), ...limits, code, calls, trusted: true })
  const own = run.calls.at(-1)?.value
  const names = own?.kind === 'list' ? own.items.map(textOf).filter(name => !name.startsWith('__')) : []
  return entry.flatMap((name, index) =>
    run.calls[index]?.error?.type === 'NameError'
      ? at(['entry', index], `the reference defines no ${name}; it has ${names.slice(0, 10).join(', ') || 'no names'}`)
      : [],
  )
}
