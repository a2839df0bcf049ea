import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { PlatformError } from '../../platform/errors.ts'
import { sourceText } from '../../tutor/program/source-file.ts'

/** The program of a file, as Python reads it; `-` is stdin. @throws INVALID_INPUT */
export async function programFrom(file: string): Promise<string> {
  // A process whose stdin was used for something else, such as a job, has no program there.
  if (file === '-' && process.stdin.readableEnded)
    throw new PlatformError('INVALID_INPUT', 'there is no program on stdin', {
      hint: 'Give the path of a Python file.',
    })
  return sourceText(await bytesOf(file), file === '-' ? 'the program on stdin' : file)
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return file === '-' ? await buffer(process.stdin) : await readFile(file)
  } catch (cause) {
    throw new PlatformError('INVALID_INPUT', `the program ${file} cannot be read`, {
      hint: 'Give the path of a Python file, or - for stdin.',
      cause,
    })
  }
}
