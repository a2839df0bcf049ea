import { PlatformError } from '../../../platform/errors.ts'
import { readExercise } from '../../../tutor/exercise/parse-exercise.ts'
import { type Level, levels } from '../../../tutor/review/rules.ts'
import { type Review, reviewProgram } from '../../../tutor/review/review.ts'
import { reviewText } from '../../../tutor/review/show.ts'
import { reviewVerified } from '../../../tutor/review/verified.ts'
import { exercisePath } from './grade.ts'
import { asLines, each, type Output, readProgram, report, withSandbox } from './io.ts'

type Reviewed = { file: string } & Review

/** Reviews each program; with an exercise every edit that is shown has been run on its tests. */
export async function review(
  files: readonly string[],
  options: Output & { level: string; exercise?: string; seed: string },
): Promise<void> {
  const level = levelOf(options.level)
  const lines = asLines(files, options)
  const tell = (result: Reviewed): void => report(result, options, lines, toText)
  if (options.exercise === undefined) {
    await each(files, async file => ({ file, ...reviewProgram(await readProgram(file), { level }) }), tell)
    return
  }
  const exercise = await readExercise(exercisePath(options.exercise))
  const { seed } = options
  await withSandbox(async sandbox =>
    each(
      files,
      async file => ({ file, ...(await reviewVerified(await readProgram(file), exercise, sandbox, { level, seed })) }),
      tell,
    ),
  )
}

function levelOf(text: string): Level {
  const level = levels.find(name => name === text)
  if (level === undefined)
    throw new PlatformError('INVALID_INPUT', `there is no level ${text}`, { hint: `One of ${levels.join(', ')}.` })
  return level
}

const toText = ({ file, ...found }: Reviewed): string => `${file}: ${reviewText(found)}`
