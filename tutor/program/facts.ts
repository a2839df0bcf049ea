import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { PythonValue } from '../../platform/ports/python-value.ts'
import { batched } from '../python/batch-calls.ts'
import { memoize } from '../memoize.ts'
import { codes, type SmellCode } from '../feedback/codes.ts'
import { itemsOf, numberOf, runScript, textOf } from '../python/scripts.ts'

export interface Smell {
  code: SmellCode
  line: number
  function?: string
}

/** What the syntax tree of a program shows. Lines count from 1. */
export interface Facts {
  /** Builtins and functions of modules that it uses (`sorted`, `math.prod`), methods as `.name`, with their lines. */
  calls: { name: string; line: number }[]
  /** The names it binds at the top level, and all its functions. */
  defined: string[]
  functions: string[]
  imports: number[]
  /** Lines that are neither blank nor a comment nor a docstring. */
  codeLines: number
  /** Lines of returns that end a loop in its first iteration. */
  early: number[]
  /** Whether it calls input() with a prompt. */
  prompts: boolean
  /** Parameters it changes in place. */
  changes: { function: string; parameter: string; line: number }[]
  /** Code that is seldom intended: `smell-` and the name that `python/smells.py` gives it, and the function it is about. */
  smells: Smell[]
}

/** The source of a tuple of a call's arguments, and of the called function. */
export interface CallParts {
  tuple: string
  name: string
}

const seconds = 10
const recallFacts = memoize<Facts | undefined>(2_000)
const recallParts = memoize<(CallParts | undefined)[]>(500)

const readFacts = batched<Facts>(async (sources, sandbox) => {
  const output = await runScript('facts', { sources, calls: [] }, sandbox, seconds)
  return output === undefined ? undefined : itemsOf(itemsOf(output)[0]).map(factsIn)
})

/** Reads a program without running it; undefined when it does not parse. */
export const factsOf = async (source: string, sandbox: Sandbox): Promise<Facts | undefined> =>
  recallFacts(source, async () => readFacts(source, sandbox))

/** The parts of calls; undefined for every other expression. */
export async function partsOf(calls: readonly string[], sandbox: Sandbox): Promise<(CallParts | undefined)[]> {
  return recallParts(JSON.stringify(calls), async () => {
    const output = await runScript('facts', { sources: [], calls }, sandbox, seconds)
    return output === undefined ? [] : itemsOf(itemsOf(output)[1]).map(partIn)
  })
}

const partIn = (value: PythonValue): CallParts | undefined =>
  value.kind === 'none' ? undefined : { tuple: textOf(itemsOf(value)[0]), name: textOf(itemsOf(value)[1]) }

function factsIn(output: PythonValue): Facts | undefined {
  if (output.kind !== 'dict') return undefined
  const fields = new Map(output.entries.map(([name, value]) => [textOf(name), itemsOrNumber(value)]))
  const items = (name: string): PythonValue[] => fields.get(name)?.items ?? []
  return {
    calls: items('calls').map(pair => ({ name: textOf(itemsOf(pair)[0]), line: numberOf(itemsOf(pair)[1]) })),
    defined: items('defined').map(textOf),
    functions: items('functions').map(textOf),
    imports: items('imports').map(numberOf),
    codeLines: fields.get('code_lines')?.number ?? 0,
    early: items('early').map(numberOf),
    prompts: items('prompts').length > 0,
    changes: items('changes').map(readChange),
    smells: items('smells').map(readSmell),
  }
}

function itemsOrNumber(value: PythonValue): { items: PythonValue[]; number: number } {
  return value.kind === 'int' ? { items: [], number: Number(value.value) } : { items: itemsOf(value), number: 0 }
}

function readSmell(value: PythonValue): Facts['smells'][number] {
  const [name, line, subject] = itemsOf(value)
  const code = `smell-${textOf(name)}`
  if (!isSmell(code)) throw new RangeError(`smells.py names ${code}, which feedback/codes.ts lacks`)
  const about = textOf(subject)
  return { code, line: numberOf(line), ...(about === '' ? {} : { function: about }) }
}

const isSmell = (code: string): code is SmellCode => code.startsWith('smell-') && code in codes

function readChange(value: PythonValue): Facts['changes'][number] {
  const [name, parameter, line] = itemsOf(value)
  return { function: textOf(name), parameter: textOf(parameter), line: numberOf(line) }
}
