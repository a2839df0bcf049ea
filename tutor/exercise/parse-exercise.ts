import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { ExerciseFile } from '../../schemas/exercise.ts'
import { PlatformError } from '../../platform/errors.ts'
import { parseExercise } from '../../schemas/exercise-file.ts'
import type { Problem, Yaml } from '../../schemas/positions.ts'
import { contradictions } from './contradictions.ts'

/** An exercise with the sources of its programs in place of their file names. */
export type Exercise = ExerciseFile

/** Where the parts of an exercise are in its files. */
export interface Origin {
  path: string
  /** Where a value is in the exercise file. */
  placeOf(path: readonly PropertyKey[]): { line: number; column: number }
  /** Where a program is: its own file, or the line of the exercise file before its first one. */
  program(path: readonly PropertyKey[]): { path: string; line: number }
}

const origins = new WeakMap<Exercise, Origin>()

/** Where an exercise was read from; undefined for one that was made in memory. */
export const originOf = (exercise: Exercise): Origin | undefined => origins.get(exercise)

/** The place of a line of one of the exercise's programs. */
export function placeIn(
  exercise: Exercise,
  keys: readonly PropertyKey[],
  line: number,
): { path: string; line: number } {
  const program = originOf(exercise)?.program(keys) ?? { path: exercise.id, line: 0 }
  return { path: program.path, line: Math.max(1, program.line + line) }
}

export const fileName = 'exercise.yaml'

/**
 * Reads one exercise from its file or its folder, or returns every problem in it. @throws NOT_FOUND when there is none.
 */
export async function readExerciseOrProblems(path: string): Promise<{ exercise: Exercise } | { problems: Problem[] }> {
  const file = (await stat(path).catch(() => undefined))?.isDirectory() === true ? join(path, fileName) : path
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PlatformError('NOT_FOUND', `there is no exercise file ${file}`, {
      hint: `An exercise is a folder with ${fileName} in it.`,
      cause,
    })
  })
  return exerciseFrom(text, file, async name => readFile(join(dirname(file), name), 'utf8').catch(() => undefined))
}

/** Whether a text has placeholders for the values of its variants. */
const isTemplate = (value: unknown, text: string): boolean =>
  typeof value === 'object' && value !== null && 'variants' in value && /<<[a-z_][a-z0-9_]*>>/.test(text)

/**
 * The exercise of a file's text and the programs that it names; `programs` returns the source of one, undefined when
 * there is none of that name.
 */
export async function exerciseFrom(
  text: string,
  file: string,
  programs: (name: string) => Promise<string | undefined>,
): Promise<{ exercise: Exercise } | { problems: Problem[] }> {
  const parsed = parseExercise(text, file)
  if ('problems' in parsed) return parsed
  const { yaml } = parsed
  const sources = new Map<string, string>()
  const problems: Problem[] = contradictions(parsed.exercise).map(([keys, message]) =>
    Object.assign(yaml.placeOf(keys), { path: file, message }),
  )
  if (isTemplate(yaml.value, text))
    problems.push({
      path: file,
      ...yaml.placeOf(['variants']),
      message: 'it has places without values: learnflow tutor vary makes exercises from a template',
    })
  const exercise = await inlined(parsed.exercise, async (source, keys) => {
    if (!isFileName(source)) return source
    const read = await programs(source)
    if (read === undefined)
      problems.push({
        path: file,
        ...yaml.placeOf(keys),
        message: `there is no file ${source} beside ${basename(file)}`,
      })
    sources.set(keys.join('.'), join(dirname(file), source))
    return read ?? source
  })
  if (problems.length > 0) return { problems }
  origins.set(exercise, originAt(file, yaml, sources))
  return { exercise }
}

/**
 * Reads one exercise, from its file or its folder. @throws NOT_FOUND, EXERCISE_FAULTY with every mistake and its place.
 */
export async function readExercise(path: string): Promise<Exercise> {
  const read = await readExerciseOrProblems(path)
  if ('exercise' in read) return read.exercise
  throw faulty(read.problems)
}

/** Everything that is wrong with exercises, each mistake with its place. */
export class FaultyExercise extends PlatformError {
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    const lines = problems.map(
      ({ path, line, column, message }) => `${path}:${line}${column === undefined ? '' : `:${column}`}: ${message}`,
    )
    super('EXERCISE_FAULTY', lines.join('\n'), { hint: 'learnflow tutor check PATH says it again after a change.' })
    this.problems = problems
  }
}

export const faulty = (problems: readonly Problem[]): FaultyExercise => new FaultyExercise(problems)

/** Whether a program is given as the name of a file. */
export const isFileName = (source: string): boolean => /^[\w-][\w.-]*\.py$/.test(source)

function originAt(path: string, yaml: Yaml, sources: ReadonlyMap<string, string>): Origin {
  return {
    path,
    placeOf: keys => yaml.placeOf(keys),
    program(keys) {
      const file = sources.get(keys.map(String).join('.'))
      return file === undefined ? { path, line: yaml.placeOf(keys).line } : { path: file, line: 0 }
    },
  }
}

type Inline = (source: string, keys: readonly (string | number)[]) => Promise<string>

async function inlined(exercise: ExerciseFile, inline: Inline): Promise<Exercise> {
  return {
    ...exercise,
    reference: await inline(exercise.reference, ['reference']),
    alternatives: await Promise.all(
      exercise.alternatives.map(async (source, at) => inline(source, ['alternatives', at])),
    ),
    mistakes: await Promise.all(
      exercise.mistakes.map(async ({ file, names }, at) => ({
        names,
        file: await inline(file, ['mistakes', at, 'file']),
      })),
    ),
  }
}
