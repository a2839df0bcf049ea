import type { ExerciseFile } from '../../schemas/exercise.ts'
import { placeholders } from './generate-inputs.ts'

/** How much of an output the sandbox keeps, in bytes of UTF-8. */
const keptOutput = 65_536

/** Without them no program starts. */
const neededModules = new Set(['sys', 'builtins', 'io', 'os', 'time', 'importlib', 'gc', 'atexit', 're'])

/** The contradictions that the schema alone cannot find. */
export function contradictions(exercise: ExerciseFile): [(string | number)[], string][] {
  const found: [(string | number)[], string][] = []
  const called = exercise.kind === 'function' || exercise.kind === 'class'
  if (called && exercise.entry.length === 0)
    found.push([['entry'], `an exercise of kind ${exercise.kind} names in entry what the program must define`])
  if (exercise.import_as !== undefined && neededModules.has(exercise.import_as))
    found.push([['import_as'], `Python itself needs its module ${exercise.import_as}`])
  for (const [at, test] of exercise.tests.entries()) {
    if (called && !('call' in test || 'steps' in test))
      found.push([['tests', at], `a test of kind ${exercise.kind} needs a call or steps`])
    if (exercise.kind === 'stdout' && !('stdin' in test && 'stdout' in test))
      found.push([['tests', at], 'a test of kind stdout needs stdin and stdout'])
  }
  for (const [at, test] of exercise.tests.entries())
    if ('stdout' in test && Buffer.byteLength(test.stdout ?? '') > keptOutput)
      found.push([['tests', at, 'stdout'], 'only 64 kB of an output are kept, this is more'])
  for (const [at, test] of exercise.generate.entries()) {
    const [field, template] = 'call' in test ? (['call', test.call] as const) : (['stdin', test.stdin] as const)
    if (called !== (field === 'call') && exercise.kind !== 'file')
      found.push([['generate', at, field], `kind ${exercise.kind} has no random ${field}`])
    const wanted = placeholders(template)
    for (const name of wanted)
      if (!(name in test.where)) found.push([['generate', at, field], `{${name}} is not in where`])
    for (const name of Object.keys(test.where))
      if (!wanted.has(name)) found.push([['generate', at, 'where', name], `{${name}} does not appear in ${field}`])
  }
  return found
}
