import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { PlatformError } from '../../platform/errors.ts'

/** The program of a file; `-` is stdin. @throws INVALID_INPUT */
export async function programFrom(file: string): Promise<string> {
  // A process whose stdin was used for something else, such as a job, has no program there.
  if (file === '-' && process.stdin.readableEnded)
    throw new PlatformError('INVALID_INPUT', 'there is no program on stdin', {
      hint: 'Give the path of a Python file.',
    })
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8')
  } catch (cause) {
    throw new PlatformError('INVALID_INPUT', `the program ${file} cannot be read`, {
      hint: 'Give the path of a Python file, or - for stdin.',
      cause,
    })
  }
}
