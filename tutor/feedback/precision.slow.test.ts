import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { openSandbox } from '../../platform/drivers/sandbox/pyodide.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { openBank } from '../exercise/bank.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { gradeProgram } from '../grade/grade.ts'
import { exerciseOf } from '../test-exercise.ts'
import { codes } from './codes.ts'
import type { Note } from './note.ts'
import { harmless, tasks } from './precision-programs.ts'
import { rareErrors } from './rare-errors.ts'
import { rareResults } from './rare-results.ts'
import { catalogueOf } from './texts.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await openSandbox({ processes: 2 })
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

/** How often a code was said, and where that was not true. */
const said = new Map<string, { hits: number; wrong: string[] }>()
function count({ code }: Note, isTrue: boolean, where: string): void {
  const all = said.get(code) ?? { hits: 0, wrong: [] }
  all.hits += 1
  if (!isTrue) all.wrong.push(where)
  said.set(code, all)
}
const notesOn = async (code: string, exercise: Exercise, seed = '1'): Promise<Note[]> =>
  (await gradeProgram(code, exercise, sandbox, { seed, detail: 'notes' })).notes

/** Rules, packages and types are facts that need no judgement. */
const isFact = ({ code }: Note): boolean =>
  /^(?:rule-|absent-|type-equal|known-mistake|state-kept|result-varies)/.test(code)
const linesOf = (code: string): Set<string> => new Set(code.split('\n').map(line => line.trimEnd()))

/** Runs some at a time, so that the sandbox is busy and the memory is not. */
async function each<Item>(items: readonly Item[], run: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values()
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (const item of left) await run(item)
    }),
  )
}

/** How many pieces are beside a program at once. */
const together = 4
const besides = Array.from({ length: Math.ceil(harmless.length / together) }, (_, at) =>
  harmless.slice(together * at, together * (at + 1)).join(''),
)

/** Programs with one known mistake, or none, beside what looks like one and is not. */
async function measureTasks(): Promise<void> {
  const all = tasks.flatMap(task =>
    [{ code: task.right, true: [] as readonly string[] }, ...task.mistakes].flatMap(mistake =>
      besides.map(beside => ({
        exercise: exerciseOf({ limits: { seconds: 0.5 }, ...task.exercise }),
        mistake,
        beside,
      })),
    ),
  )
  await each(all, async ({ exercise, mistake, beside }) => {
    const code = `${beside}${mistake.code}`
    for (const one of await notesOn(code, exercise)) if (!isFact(one)) count(one, mistake.true.includes(one.code), code)
  })
}

/**
 * The bank: its right programs get no note, and of its mistakes a line that is blamed is none of a right program's, and
 * what is said of the results holds with other random inputs, too.
 */
async function measureBank(): Promise<void> {
  await each((await openBank()).list(), async exercise => {
    const { mistakes, reference, alternatives, rules: _rules, ...rest } = exercise
    const unaided: Exercise = { ...rest, reference, alternatives, mistakes: [] }
    const right = [reference, ...alternatives]
    for (const code of right) for (const one of await notesOn(code, unaided)) if (!isFact(one)) count(one, false, code)
    const innocent = new Set(right.flatMap(code => [...linesOf(code)]))
    for (const { file } of mistakes.filter((_, at) => at % 2 === 0)) {
      const notes = await notesOn(file, unaided)
      const again = exercise.generate.length === 0 ? notes : await notesOn(file, unaided, '2')
      for (const one of notes) {
        if (isFact(one)) continue
        const line = one.line === undefined ? undefined : (file.split('\n')[one.line - 1] ?? '').trimEnd()
        const isTrue = line === undefined ? again.some(other => other.code === one.code) : !innocent.has(line)
        count(one, isTrue || one.code === 'argument-changed' || one.code === 'smell-unused-parameter', file)
      }
    }
  })
}

/** Each text's own example, of which its code is true. */
async function measureExamples(): Promise<void> {
  await each([...catalogueOf('en').entries], async ([code, { example }]) => {
    const [, yaml, program] = /^```yaml\n([^]*?)```\n\n```python\n([^]*?)```$/.exec(example) ?? []
    if (yaml === undefined || program === undefined) return
    const notes = await notesOn(program, exerciseOf({ kind: 'file', ...(parse(yaml) as object) }))
    for (const one of notes) if (one.code === code && !isFact(one)) count(one, true, program)
  })
}

const rare = [...rareErrors, ...rareResults]

/** What is heard of few programs else: said where it is true, and not where it only seems so. */
async function measureRare(): Promise<string[]> {
  const unheard: string[] = []
  await each(rare, async ({ code, exercise, shows, near }) => {
    const asked = exerciseOf({ limits: { seconds: 1 }, ...exercise })
    for (const [programs, isTrue] of [
      [shows, true],
      [near, false],
    ] as const)
      for (const program of programs) {
        const found = (await notesOn(program, asked)).find(one => one.code === code)
        if (found !== undefined) count(found, isTrue, program)
        else if (isTrue) unheard.push(`${code}: ${program}`)
      }
  })
  return unheard
}

/** A line for each group of codes: `code hits`, or `code hits, false` of which are false. */
function table(): string {
  const groups = Map.groupBy([...said.keys()].toSorted(), code => code.split('-')[0] ?? '')
  const rows = [...groups].map(([group, some]) => {
    const figures = some.map(code => {
      const { hits = 0, wrong = [] } = said.get(code) ?? {}
      return `${code.slice(group.length + 1)} ${hits}${wrong.length === 0 ? '' : ` (${wrong.length} false)`}`
    })
    return `| ${group} | ${figures.join(', ')} |`
  })
  return ['| codes | hits of each, false ones in brackets |', '| --- | --- |', ...rows].join('\n')
}

const minutes = 20

test('each detector is right in at least 95 of 100 notes', { timeout: minutes * 60_000 }, async () => {
  await measureTasks()
  await measureBank()
  await measureExamples()
  const unheard = await measureRare()
  process.stdout.write(`${table()}\n`)
  const imprecise = [...said].filter(([, { hits, wrong }]) => wrong.length > 0.05 * hits)
  expect(imprecise.map(([code, { hits, wrong }]) => `${code}: ${wrong.length} of ${hits}, as of\n${wrong[0]}`)).toEqual(
    [],
  )
  expect(unheard).toEqual([])
  for (const { shows, near } of rare) expect(Math.min(shows.length, near.length)).toBeGreaterThanOrEqual(3)
  const untested = Object.keys(codes).filter(code => !said.has(code) && !isFact({ code } as Note))
  expect(untested).toEqual(['legacy'])
})
