import type { Ending, PythonError } from '../../../ports/sandbox.ts'
import { wasm } from './module.ts'
import { Stop } from './stop.ts'

/** An ending that is not the program's own return. */
export class Ended extends Error {
  readonly ended: Ending
  readonly error: PythonError | undefined
  constructor(ended: Ending, error?: PythonError) {
    super(ended)
    this.ended = ended
    this.error = error
  }
}

export interface Explained {
  ended: Ending
  error: PythonError | undefined
  /** The interpreter may hold something of the run that restoring does not reach. */
  retire: boolean
}

const plain = (type: string, message: string, { line, bases = [] }: { line?: number | undefined; bases?: readonly string[] } = {}): PythonError => ({
  type,
  message,
  mro: [type, ...bases],
  traceback: `${type}: ${message}`,
  ...(line === undefined ? {} : { line }),
})

const exceptions = ['Exception', 'BaseException']

/** What a throw through the interpreter's frames means. A trap leaves doubt about what is outside linear memory, so the process is retired. */
export function explain(thrown: unknown, seconds: number): Explained {
  if (thrown instanceof Ended) return { ended: thrown.ended, error: thrown.error, retire: false }
  if (thrown instanceof Stop) return explainStop(thrown, seconds)
  const raised = (error: PythonError, ended: Ending = 'raised'): Explained => ({ ended, error, retire: true })
  if (thrown instanceof RangeError && /call stack/i.test(thrown.message))
    return raised(plain('RecursionError', 'maximum recursion depth exceeded', { bases: ['RuntimeError', ...exceptions] }))
  if (thrown instanceof RangeError && /memory/i.test(thrown.message))
    return raised(plain('MemoryError', 'the memory of the program is used up', { bases: exceptions }), 'out_of_memory')
  if (thrown instanceof wasm.RuntimeError) return raised(plain('SystemError', `the program crashed the interpreter (${thrown.message})`, { bases: exceptions }))
  throw thrown
}

function explainStop({ why, line, code, message, torn }: Stop, seconds: number): Explained {
  const at = line === undefined ? '' : ` at line ${line}`
  const raised = (error: PythonError): Explained => ({ ended: 'raised', error, retire: torn })
  if (why === 'timed_out') return { ended: why, error: plain('TimeoutError', `stopped after ${seconds} s${at}`, { line }), retire: torn }
  if (why === 'output_limit') return { ended: why, error: plain('OutputLimit', 'the program printed more than 1 MB'), retire: false }
  if (why === 'exited') return raised(plain('SystemExit', `the program ended itself with exit code ${code}`, { bases: ['BaseException'] }))
  if (why === 'refused') return raised(plain('PermissionError', message, { bases: ['OSError', ...exceptions] }))
  return raised(plain('SystemError', 'the program crashed the interpreter', { bases: exceptions }))
}
