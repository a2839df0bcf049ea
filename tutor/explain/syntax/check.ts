import type { PythonValue } from '../../../platform/ports/python-value.ts'
import type { Sandbox } from '../../../platform/ports/sandbox.ts'
import { itemsOf, numberOf, runScript, textOf } from '../../python/scripts.ts'

/**
 * Where CPython stops reading a program. `stage` 0: it does not parse; 1: it parses but breaks a rule that is checked
 * afterwards. Line and column count from 1, in characters; an end that Python does not tell is 0.
 */
export interface Fault {
  stage: number
  type: string
  message: string
  line: number
  column: number
  endLine: number
  endColumn: number
}

/** What is known of one program: where it stops, `parses`, or `unread` because enough others parse. */
export type Checked = Fault | 'parses' | 'unread'

const seconds = 5

/**
 * Compiles programs, none of which runs; those after the `enough`th that compiles stay unread. Undefined when they are
 * too large or too deeply nested to be read.
 */
export async function checkPrograms(
  programs: readonly string[],
  sandbox: Sandbox,
  enough = programs.length,
): Promise<Checked[] | undefined> {
  if (programs.length === 0) return []
  const output = await runScript('parses', { programs, enough }, sandbox, seconds)
  return output === undefined ? undefined : itemsOf(output).map(checkedIn)
}

function checkedIn(value: PythonValue): Checked {
  if (value.kind === 'none') return 'parses'
  if (value.kind === 'bool') return 'unread'
  const [stage, type, message, line, column, endLine, endColumn] = itemsOf(value)
  return {
    stage: numberOf(stage),
    type: textOf(type),
    message: textOf(message),
    line: Math.max(1, numberOf(line)),
    column: Math.max(1, numberOf(column)),
    endLine: numberOf(endLine),
    endColumn: numberOf(endColumn),
  }
}
