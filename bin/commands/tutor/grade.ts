import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../../../platform/config.ts'
import { bankFolder } from '../../../tutor/exercise/bank.ts'
import type { Judgement } from '../../../tutor/grade/grade.ts'
import { gradeCached } from '../../../tutor/grade/cache.ts'
import { shownNote } from '../../../tutor/feedback/texts.ts'
import type { ShownNote } from '../../../schemas/note.ts'
import { readExercise } from '../../../tutor/exercise/parse-exercise.ts'
import { asLines, each, type Output, readProgram, report, withSandbox } from './io.ts'

type Graded = { file: string; notes: ShownNote[] } & Omit<Judgement, 'seed' | 'notes'>

/** The path of an exercise: the given path if it exists, else its folder in the configured bank. */
export const exercisePath = (name: string): string =>
  !existsSync(name) && /^[a-z0-9-]+$/.test(name) ? join(readConfig().LEARNFLOW_EXERCISES ?? bankFolder, name) : name

/** Judges each program by one exercise. */
export async function grade(
  files: readonly string[],
  options: Output & { exercise: string; seed: string; smaller?: boolean },
): Promise<void> {
  const exercise = await readExercise(exercisePath(options.exercise))
  const lines = asLines(files, options)
  const detail = options.smaller === true || files.length === 1 ? 'all' : 'notes'
  await withSandbox(async sandbox => {
    const one = async (file: string): Promise<Graded> => {
      const {
        seed: _seed,
        notes,
        ...judgement
      } = (await gradeCached(await readProgram(file), exercise, sandbox, { seed: options.seed, detail })).judgement
      return { file, ...judgement, notes: notes.map(note => shownNote(note)) }
    }
    await each(files, one, result => report(result, options, lines, toText))
  })
}

function toText({ file, verdict, tests, notes, error, smallest_failing: smallest }: Graded): string {
  const passed = tests.filter(test => test.passed).length
  const wrong = tests.filter(test => !test.passed).slice(0, 3)
  return [
    `${file}: ${verdict}, ${passed} of ${tests.length} tests`,
    ...(error === undefined
      ? wrong.map(test => `  ${test.call}: ${test.got}, expected ${test.expected}`)
      : [`  ${error.traceback}`]),
    ...(smallest === undefined || error !== undefined
      ? []
      : [`  smallest: ${smallest.call}: ${smallest.got}, expected ${smallest.expected}`]),
    ...notes.map(note => `  ${note.text}`),
  ].join('\n')
}
