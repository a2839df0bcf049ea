import type { Concept } from '../concepts/library.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'

/** One way to run a program: with a call whose result is printed, or as it is. */
export interface Way {
  call: string | undefined
  stdin: string
}

/**
 * A program that questions are made from. `right`: it is a right solution of `exercise`, which is proven before it is
 * asked about. `own`: the student wrote it, and it is run as such.
 */
export interface Material {
  id: string
  program: string
  prelude: string
  ways: readonly Way[]
  exercise: Exercise | undefined
  concept: Concept | undefined
  own: boolean
  right: boolean
  /** It does the same in each run and each Python, though it has sets, files or chance in it. */
  vetted: boolean
  /** The sandbox takes turns by it. */
  owner: string | undefined
}

const tidy = (source: string): string => source.replaceAll(/\r\n?/g, '\n').trimEnd()

/** A program for an exercise: one that somebody wrote, or, for whom it is no secret, a solution. */
export function programMaterial(
  exercise: Exercise,
  { code, own, right, owner }: { code: string; own: boolean; right: boolean; owner?: string | undefined },
): Material {
  return {
    id: `${exercise.id} ${own ? 'own' : 'reference'}`,
    program: tidy(code),
    prelude: tidy(exercise.prelude ?? ''),
    ways: exercise.tests.flatMap(waysOf),
    exercise,
    concept: undefined,
    own,
    right,
    vetted: false,
    owner,
  }
}

/** A shown test that runs with nothing but a call or an input. */
function waysOf(test: Exercise['tests'][number]): Way[] {
  const { hidden, files, ...rest } = test
  if (hidden === true || files !== undefined || 'patch' in rest || 'writes' in rest || 'raises' in rest) return []
  if ('call' in rest)
    return rest.stdin === undefined && !rest.call.includes('\n') ? [{ call: rest.call.trim(), stdin: '' }] : []
  return 'steps' in rest ? [] : [{ call: undefined, stdin: rest.stdin ?? '' }]
}

/** The programs by which a concept is explained. */
export function conceptMaterials(concept: Concept): Material[] {
  const { explanations, misconceptions, quizzed } = concept
  const shown = [...Object.values(explanations), ...misconceptions].map(({ snippet }) => snippet)
  return [...quizzed, ...shown].map(({ code, stdin }, at) => ({
    id: `concept ${concept.id} ${at}`,
    program: tidy(code),
    prelude: '',
    ways: [{ call: undefined, stdin: stdin ?? '' }],
    exercise: undefined,
    concept,
    own: false,
    right: false,
    vetted: at < quizzed.length,
    owner: undefined,
  }))
}

/** The program with the names that it needs before it, and the call whose result it prints after it. */
export function wholeProgram({ prelude }: Material, program: string, { call }: Way): string {
  return [
    ...(prelude === '' ? [] : [prelude, '']),
    program,
    ...(call === undefined ? [] : ['', `print(${call})`]),
    '',
  ].join('\n')
}
