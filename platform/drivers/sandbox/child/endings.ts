import type { Ending, PythonError } from '../../../ports/sandbox.ts'
import { wasm } from './module.ts'
import { Stop } from './stop.ts'

/** An ending other than the program's own return. */
export class Ended extends Error {
  readonly ended: Ending
  readonly error: PythonError | undefined
  constructor(ended: Ending, error?: PythonError) {
    super(ended)
    this.ended = ended
    this.error = error
  }
}

/** The call or a step of a test does not compile, whatever program runs. */
export class InvalidCall extends Ended {}

export interface Explained {
  ended: Ending
  error: PythonError | undefined
}

const plain = (
  type: string,
  message: string,
  { line, bases = [] }: { line?: number | undefined; bases?: readonly string[] } = {},
): PythonError => ({
  type,
  message,
  mro: [type, ...bases],
  traceback: `${type}: ${message}`,
  ...(line === undefined ? {} : { line }),
})

const exceptions = ['Exception', 'BaseException']

/**
 * The meaning of an exception that passed through the interpreter's frames. @throws the exception itself when no
 * program can have caused it
 */
export function explain(thrown: unknown, seconds: number): Explained {
  if (thrown instanceof Ended) return { ended: thrown.ended, error: thrown.error }
  if (thrown instanceof Stop) return explainStop(thrown, seconds)
  if (thrown instanceof RangeError && /call stack/i.test(thrown.message))
    return raised('RecursionError', 'maximum recursion depth exceeded', ['RuntimeError', ...exceptions])
  if (thrown instanceof RangeError && /memory/i.test(thrown.message))
    return {
      ended: 'out_of_memory',
      error: plain('MemoryError', 'the memory of the program is used up', { bases: exceptions }),
    }
  if (thrown instanceof wasm.RuntimeError)
    return raised('SystemError', `the program crashed the interpreter (${thrown.message})`, exceptions)
  throw thrown
}

const raised = (type: string, message: string, bases: readonly string[]): Explained => ({
  ended: 'raised',
  error: plain(type, message, { bases }),
})

function explainStop({ why, line, code, message }: Stop, seconds: number): Explained {
  const at = line === undefined ? '' : ` at line ${line}`
  if (why === 'timed_out')
    return { ended: why, error: plain('TimeoutError', `stopped after ${seconds} s${at}`, { line }) }
  if (why === 'output_limit') return { ended: why, error: plain('OutputLimit', 'the program printed more than 1 MB') }
  if (why === 'exited')
    return raised('SystemExit', `the program ended itself with exit code ${code}`, ['BaseException'])
  if (why === 'refused') return raised('PermissionError', message, ['OSError', ...exceptions])
  return raised('SystemError', 'the program crashed the interpreter', exceptions)
}
