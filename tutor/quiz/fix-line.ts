import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { tryPrograms } from '../debug/runs.ts'
import { casesOf } from '../grade/test-cases.ts'
import { baseOf } from './base.ts'
import type { Material } from './material.ts'
import { isAskable, lineAt, type LineChange, readLines, withLine } from './outputs.ts'
import { aboutOf, maxChanges } from './predict-output.ts'
import { type Question, shuffled } from './question.ts'
import { solve, type Solved } from './solve.ts'

/** So many changed programs are judged by all tests. */
const maxTries = 4
const work = 2_000_000

/**
 * A right program with one token changed, so that a shown test fails: which line is wrong, and how it has to be. The
 * tests of the exercise decide.
 */
export async function fixLine(
  material: Material,
  random: () => number,
  sandbox: Sandbox,
): Promise<Question | undefined> {
  const { program, exercise, owner } = material
  if (exercise === undefined || !isAskable(program, material)) return undefined
  if (!(await (await baseOf(material, sandbox)).isSolution())) return undefined
  for (const change of (await failing(material, random, sandbox)).slice(0, maxTries)) {
    const code = withLine(program, change)
    const { right: passes, shown } = await solve(code, { exercise }, sandbox, owner)
    if (!passes && shown !== undefined) return asked(material, change, code, shown)
  }
  return undefined
}

/** Changes with which some shown test fails and some test passes, in a random order. */
export async function failing(material: Material, random: () => number, sandbox: Sandbox): Promise<LineChange[]> {
  const { program, exercise } = material
  if (exercise === undefined) return []
  const { changes = [] } = (await readLines(program, sandbox)) ?? {}
  const some = shuffled(changes, random).slice(0, maxChanges)
  const cases = await casesOf(exercise, 'quiz', sandbox)
  const sources = some.map(change => withLine(program, change))
  const { passed } = await tryPrograms(sources, exercise, cases, sandbox, work)
  const isSubtle = (results: boolean[] | undefined): boolean =>
    results !== undefined && results.includes(true) && results.some((one, at) => !one && cases[at]?.hidden === false)
  return some.filter((_, at) => isSubtle(passed[at]))
}

function asked(material: Material, change: LineChange, code: string, shown: NonNullable<Solved['shown']>): Question {
  const { program, exercise } = material
  const was = lineAt(program, change.line)
  const seen = `\`${shown.call}\` gives ${shown.got || 'nothing'}, and should give ${shown.expected || 'nothing'}.`
  return {
    kind: 'fix_line',
    text: [
      `One line of this program for "${exercise?.title}" is wrong: ${seen}`,
      'Give the number of the line and the line as it has to be, like `2: x = 1`.',
    ].join('\n'),
    code,
    stdin: null,
    choices: [],
    ...aboutOf(material),
    key: {
      right: `${change.line}: ${was}`,
      explanation: `In line ${change.line}, \`${was}\` passes all tests; with \`${change.text.trim()}\` ${seen}`,
      why: {},
      judge: exercise === undefined ? null : { exercise_id: exercise.id, exercise_version: exercise.version },
    },
  }
}
