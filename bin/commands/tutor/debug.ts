import { readExercise } from '../../../tutor/exercise/parse-exercise.ts'
import { debugProgram } from '../../../tutor/debug/debug.ts'
import type { Debugged } from '../../../tutor/debug/debugged.ts'
import { exercisePath } from './grade.ts'
import { asLines, each, type Output, readProgram, report, withSandbox } from './io.ts'

type Shown = { file: string; fix?: object } & Omit<Debugged, 'fix'>

interface Options extends Output {
  exercise: string
  seed: string
  peers?: string[]
  fix?: boolean
}

/** Finds the fault of each program. */
export async function debug(files: readonly string[], options: Options): Promise<void> {
  const exercise = await readExercise(exercisePath(options.exercise))
  const peers = await Promise.all((options.peers ?? []).map(readProgram))
  const lines = asLines(files, options)
  await withSandbox(async sandbox => {
    const one = async (file: string): Promise<Shown> => {
      const { fix, ...found } = await debugProgram(await readProgram(file), exercise, sandbox, {
        seed: options.seed,
        peers,
      })
      if (options.fix !== true || fix === undefined) return { file, ...found }
      const { kind, program, edits, layout } = fix
      const changes = edits.map(({ first, last, lines: now, near }) => ({
        line: layout.written[near - 1] ?? near,
        before: layout.source.split('\n').slice(first - 1, last - 1),
        after: now,
      }))
      return { file, ...found, fix: { kind, program, changes } }
    }
    await each(files, one, result => report(result, options, lines, toText))
  })
}

function toText({ file, verdict, suspicious, failing_input, got, expected, hints }: Shown): string {
  if (verdict === 'passed') return `${file}: passed`
  return [
    `${file}: ${verdict}`,
    `  lines: ${suspicious.map(({ line, score }) => `${line} (${score})`).join(', ')}`,
    ...(failing_input === null ? [] : [`  ${failing_input}: ${got}, expected ${expected}`]),
    ...hints.slice(0, 3).map((hint, at) => `  ${at + 1}. ${hint}`),
  ].join('\n')
}
