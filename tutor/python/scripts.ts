import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { PythonValue } from '../../platform/ports/python-value.ts'
import { stringText } from './repr.ts'

const sources = new Map<string, Promise<string>>()
/** Scripts that follow on others. */
const basedOn: Readonly<Record<string, readonly string[]>> = {
  mutants: ['perform', 'meter'],
  tries: ['perform', 'meter'],
  tracing: ['perform', 'meter'],
  paces: ['perform', 'meter'],
  alignment: ['layout', 'variables'],
  edits: ['perform', 'meter', 'mutants', 'layout', 'variables'],
  line_changes: ['mutants'],
  steps: ['values'],
  facts: ['smells'],
  snippets: ['values'],
  unittests: ['conditions', 'shims', 'nodes', 'awaiting', 'reading', 'world', 'blocks', 'reader'],
}

async function sourceOf(name: string): Promise<string> {
  const files = [...(basedOn[name] ?? []), name].map(file => join(import.meta.dirname, `${file}.py`))
  return (await Promise.all(files.map(async file => readFile(file, 'utf8')))).join('\n\n')
}

export type Script =
  | 'mutants'
  | 'syntax'
  | 'unittests'
  | 'neighbours'
  | 'facts'
  | 'normal'
  | 'smaller'
  | 'mend'
  | 'parses'
  | 'snippets'
  | 'alignment'
  | 'edits'
  | 'flow'
  | 'paces'
  | 'tries'
  | 'tracing'
  | 'line_changes'
  | 'steps'

/** Scripts that run a student's program, so that no expected value may be given to them. */
const untrusted: ReadonlySet<Script> = new Set<Script>(['tries', 'tracing', 'steps'])

/**
 * Calls `run(text)` of one of our own Python scripts (folder `python`) in an interpreter that is trusted unless the
 * script runs a student's program, `text` being the JSON of `asked`. Undefined when it returns no result, because the source is too large, too deep or too slow.
 */
export async function runScript(
  name: Script,
  asked: unknown,
  sandbox: Sandbox,
  seconds: number,
): Promise<PythonValue | undefined> {
  const reading = sources.get(name) ?? sourceOf(name)
  sources.set(name, reading)
  const code = await reading
  const run = await sandbox.run({
    code,
    calls: [{ call: `run(${stringText(JSON.stringify(asked))})` }],
    seconds,
    trusted: !untrusted.has(name),
  })
  const value = run.calls[0]?.value
  return value?.kind === 'other' ? undefined : value
}

/** The items of a list or tuple. @throws TypeError for anything else */
export function itemsOf(value: PythonValue | undefined): PythonValue[] {
  if (value?.kind === 'list' || value?.kind === 'tuple') return value.items
  throw new TypeError(`a list was expected, not ${value?.kind}`)
}

/** The text of a str. @throws TypeError for anything else */
export function textOf(value: PythonValue | undefined): string {
  if (value?.kind === 'str') return value.value
  throw new TypeError(`a str was expected, not ${value?.kind}`)
}

/** The number of an int. @throws TypeError for anything else */
export function numberOf(value: PythonValue | undefined): number {
  if (value?.kind === 'int') return Number(value.value)
  throw new TypeError(`an int was expected, not ${value?.kind}`)
}
