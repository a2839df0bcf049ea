import type { PythonResult } from '../../../platform/ports/sandbox.ts'
import { asLines, each, type Output, readProgram, report, secondsOf, withSandbox } from './io.ts'

type Ran = Pick<PythonResult, 'ended' | 'stdout' | 'stderr' | 'truncated' | 'duration_ms'> & {
  file?: string
  error?: Omit<NonNullable<PythonResult['error']>, 'mro'>
}

/** Runs each program once in the sandbox. */
export async function run(
  files: readonly string[],
  options: Output & { stdin?: string; seconds: string },
): Promise<void> {
  const seconds = secondsOf(options)
  const lines = asLines(files, options)
  await withSandbox(async sandbox => {
    const one = async (file: string): Promise<Ran> => {
      const stdin = options.stdin === undefined ? {} : { stdin: options.stdin }
      const { ended, stdout, stderr, truncated, duration_ms, error } = await sandbox.run({
        code: await readProgram(file),
        seconds,
        ...stdin,
      })
      return {
        ...(lines ? { file } : {}),
        ended,
        stdout,
        stderr,
        truncated,
        duration_ms,
        ...(error === undefined ? {} : { error: shown(error) }),
      }
    }
    await each(files, one, result => report(result, options, lines, toText))
  })
}

function shown({ mro: _mro, ...error }: NonNullable<PythonResult['error']>): NonNullable<Ran['error']> {
  return error
}

function toText({ ended, stdout, stderr, error, duration_ms }: Ran): string {
  return [stdout.trimEnd(), stderr.trimEnd(), error?.traceback ?? '', `${ended} in ${duration_ms.toFixed(0)} ms`]
    .filter(part => part !== '')
    .join('\n')
}
