import type { Exercise } from '../exercise/parse-exercise.ts'
import type { About } from './detect/found.ts'
import { callOf } from './syntax.ts'
import { treeOf } from './tree.ts'

const known = new WeakMap<Exercise, About>()

/**
 * What an exercise means for a review: names that it gives are not the student's choice, and functions of which no test
 * looks at the output are to return their results.
 */
export function aboutExercise(exercise: Exercise): About {
  const about = known.get(exercise) ?? readExercise(exercise)
  known.set(exercise, about)
  return about
}

function readExercise({ kind, entry, prelude = '', reference, tests }: Exercise): About {
  const program = treeOf(reference)
  const nodes = program?.nodes ?? []
  const given = nodes.filter(
    ({ kind: name, role, parent }) =>
      name === 'VariableName' && (role === 'parameter' || /^(?:Function|Class)Definition$/.test(parent?.kind ?? '')),
  )
  const prints =
    nodes.some(node => callOf(node)?.name === 'print') || tests.some(test => /"stdout"/.test(JSON.stringify(test)))
  return {
    givenNames: new Set([...entry, ...given.map(({ text }) => text), ...(prelude.match(/\w+/g) ?? [])]),
    returning: new Set(kind === 'function' && !prints ? entry : []),
  }
}
