import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { PythonResult, Sandbox } from '../../../platform/ports/sandbox.ts'
import { stringText } from '../../python/repr.ts'
import { batched } from '../../python/batch-calls.ts'
import { Findings, type Finding, type Facts } from './facts.ts'
import type { Recognised } from './recognise.ts'

const scripts = {
  probe: ['shown', 'collect', 'watch', 'probe'],
  diagnose: [
    'near',
    'case',
    'origins',
    'names',
    'attributes',
    'operands',
    'calls',
    'containers',
    'conversions',
    'places',
    'values',
    'flow',
    'outside',
    'resorts',
    'diagnose',
  ],
}

const sources = new Map<string, Promise<string>>()

async function sourceOf(name: keyof typeof scripts): Promise<string> {
  const files = scripts[name].map(async file => readFile(join(import.meta.dirname, 'python', `${file}.py`), 'utf8'))
  return (await Promise.all(files)).join('\n\n')
}

const script = async (name: keyof typeof scripts): Promise<string> => {
  const reading = sources.get(name) ?? sourceOf(name)
  sources.set(name, reading)
  return reading
}

/** How a program is run for what can be seen of it. `seconds` of processor time, 0.1 to 30; `watchSeconds` of following. */
export interface Probing {
  mode: 'crash' | 'watch'
  seconds: number
  watchSeconds?: number
  stdin?: string
  owner?: string
  purpose?: 'grading' | 'free'
  files?: Readonly<Record<string, string>>
}

/** Runs the program within our own script, in an interpreter for students' programs. */
export async function probe(
  source: string,
  { mode, seconds, watchSeconds, stdin, owner, purpose, files }: Probing,
  sandbox: Sandbox,
): Promise<PythonResult> {
  const asked = { source, mode, seconds: watchSeconds ?? seconds }
  return sandbox.run({
    code: await script('probe'),
    calls: [
      {
        call: `run(${stringText(JSON.stringify(asked))})`,
        ...(stdin === undefined ? {} : { stdin }),
        ...(files === undefined ? {} : { files }),
      },
    ],
    seconds,
    ...(purpose === undefined ? {} : { purpose }),
    ...(owner === undefined ? {} : { owner }),
  })
}

/** One crash to be explained. */
export interface Asked extends Recognised {
  source: string
  facts: Facts
}

let known: Promise<unknown> | undefined
const readKnown = async (): Promise<unknown> =>
  parse(await readFile(join(import.meta.dirname, 'known.yaml'), 'utf8')) as unknown
const diagnoseSeconds = 5

const diagnoseText = batched<Finding[]>(async (cases, sandbox) => {
  const asked = `{"known": ${JSON.stringify(await (known ??= readKnown()))}, "cases": [${cases.join(', ')}]}`
  const run = await sandbox.run({
    code: await script('diagnose'),
    calls: [{ call: `run(${stringText(asked)})` }],
    seconds: diagnoseSeconds,
    trusted: true,
  })
  const [result] = run.calls
  if (result?.value?.kind !== 'str') return undefined
  return (JSON.parse(result.value.value) as unknown[]).map(one => Findings.parse(one))
})

/**
 * What may be the cause of each crash, the likeliest first; undefined for a program that is too large or too deeply
 * nested to be read.
 */
export const diagnose = async (asked: Asked, sandbox: Sandbox): Promise<Finding[] | undefined> =>
  diagnoseText(JSON.stringify(asked), sandbox)
