import { constants } from 'node:os'
import { Argument, type Command, Option } from 'commander'
import * as z from 'zod'
import { type Config, findConfig, rightConfig } from '../platform/config.ts'
import { hasPlan, type Script, type ScriptResult } from './definition.ts'
import { printFailure, printLines, printOutcome, tellProgress } from './output.ts'
import { runScript } from './registry.ts'
import { newCommand } from './usage.ts'

/** One field of a script's input, read from its JSON Schema. */
interface Field {
  type?: string
  description?: string
  default?: unknown
  enum?: unknown[]
  positional?: boolean
  items?: Field
}

interface Common {
  json: boolean
  dryRun: boolean
  confirm?: string
  data?: string
  tokenFile?: string
}

const kebab = (name: string): string => name.replaceAll('_', '-')
/** The name under which commander keeps the value of a flag. */
const camel = (name: string): string => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** After this many ms a script that ignores Ctrl-C is abandoned; `up` takes down what it has started before. */
const abortMs = 20_000

/** How a script is called as a command. */
export interface CommandStyle {
  name?: string
  /** Prints every line as it is found, and the data also when the result is a failure. */
  full?: boolean
  /** Prints the result in another way. */
  print?: (result: ScriptResult, how: { json: boolean; dryRun: boolean }) => Promise<void>
}

/** The command of a script: flags and the positional argument from its input schema, help from its descriptions. */
export function scriptCommand(id: string, script: Script, style: CommandStyle = {}): Command {
  const { name = `learnflow ${id.replace('/', ' ')}` } = style
  const { properties = {}, required = [] } = z.toJSONSchema(script.input, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Field>
    required?: string[]
  }
  const fields = Object.entries(properties)
  const command = newCommand(name).description(script.about)
  for (const [name, field] of fields) {
    if (field.positional === true) command.addArgument(argumentOf(name, field, required.includes(name)))
    else for (const option of optionsOf(name, field)) command.addOption(option)
  }
  commonOptions(command, script)
  return command.action(async (...given: unknown[]) => {
    const flags = command.opts<Partial<Common> & Record<string, unknown>>()
    const places = given.slice(0, command.registeredArguments.length)
    const input: Record<string, unknown> = {}
    for (const [name, field] of fields) {
      const value = field.positional === true ? places.shift() : flags[camel(name)]
      if (value !== undefined) input[name] = valueOf(value, field)
    }
    await runHere(id, script, { input, flags, style })
  })
}

function commonOptions(command: Command, { effect, needs }: Script): void {
  command.option('--json', 'print the data')
  if (hasPlan(effect)) command.option('--dry-run', 'say what it would do')
  if (effect === 'deletes') command.option('--confirm <name>', 'the name of what may be deleted')
  if (needs.length > 0) command.option('--data <dir>', 'the data folder')
  if (needs.length === 1 && needs[0] === 'platform') command.option('--token-file <file>', 'whom to act as')
}

function argumentOf(name: string, { type, description = '', default: preset }: Field, required: boolean): Argument {
  const dots = type === 'array' ? '...' : ''
  return new Argument(
    required && preset === undefined ? `<${kebab(name)}${dots}>` : `[${kebab(name)}${dots}]`,
    description,
  )
}

function optionsOf(name: string, field: Field): Option[] {
  const { type, enum: choices, default: preset } = field
  const description = [
    field.description,
    choices?.join('|'),
    preset === undefined || type === 'boolean' || type === 'array' ? undefined : `default ${JSON.stringify(preset)}`,
  ]
    .filter(part => part !== undefined)
    .join('; ')
  const flag = `--${kebab(name)}`
  if (type === 'boolean') return [new Option(preset === true ? `--no-${kebab(name)}` : flag, description)]
  if (type === 'array') return [new Option(`${flag} <value...>`, description)]
  return [new Option(`${flag} <${type === 'integer' ? 'number' : (type ?? 'value')}>`, description)]
}

/**
 * A typed text converted to the type that the schema wants; text that does not fit stays text, which the schema refuses
 * by name.
 */
function valueOf(value: unknown, field: Field): unknown {
  if (Array.isArray(value)) return value.map(item => valueOf(item, field.items ?? {}))
  if (typeof value !== 'string') return value
  if (field.type === 'array') return [valueOf(value, field.items ?? {})]
  if (field.type === 'integer' || field.type === 'number')
    return value.trim() === '' || Number.isNaN(Number(value)) ? value : Number(value)
  if (field.type === 'object') return jsonOr(value)
  return value
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Runs a script as a command: prints its result, stops on Ctrl-C, sets the exit code. */
async function runHere(
  id: string,
  script: Script,
  { input, flags, style }: { input: unknown; flags: Partial<Common>; style: CommandStyle },
): Promise<void> {
  const { json = false, dryRun = false, confirm, data, tokenFile } = flags
  const shown = style.full === true ? new Set<string>() : undefined
  const line = (text: string): void => {
    if (json || shown === undefined) return tellProgress(text)
    shown.add(text)
    printLines([text])
  }
  const stop = stopSignal()
  try {
    const result = await runScript(id, input, {
      config: (script.whateverSettings === true ? rightConfigOf : configOf)(data, tokenFile),
      script,
      dryRun,
      confirm,
      progress: tellProgress,
      line,
      signal: stop.signal,
    })
    if (style.print === undefined) printOutcome(result, { json, dryRun, shown })
    else await style.print(result, { json, dryRun })
  } catch (error) {
    const signal = stop.by()
    if (signal === undefined) return printFailure(error, json)
    process.stderr.write(`stopped by ${signal === 'SIGINT' ? 'Ctrl-C' : signal}\n`)
    process.exitCode = exitCodeOf(signal)
  }
}

const stopSignals = ['SIGINT', 'SIGTERM'] as const
type StopSignal = (typeof stopSignals)[number]

/** As a shell has it. */
const exitCodeOf = (signal: StopSignal): number => 128 + constants.signals[signal]

/** Aborts on Ctrl-C or SIGTERM, which `by` names; a second one ends the process at once. */
function stopSignal(): { signal: AbortSignal; by: () => StopSignal | undefined } {
  const stop = new AbortController()
  let by: StopSignal | undefined
  for (const name of stopSignals)
    process.once(name, () => {
      by ??= name
      stop.abort()
      setTimeout(() => process.exit(exitCodeOf(name)), abortMs).unref()
    })
  return { signal: stop.signal, by: () => by }
}

/** The settings of a command, with the data folder and the file of a token if they are given. */
export const configOf = (data?: string, tokenFile?: string): Config => findConfig(flagsOf(data, tokenFile))

/** The same without what is wrong in them. */
export const rightConfigOf = (data?: string, tokenFile?: string): Config => rightConfig(flagsOf(data, tokenFile))

const flagsOf = (data?: string, tokenFile?: string): Partial<Config> => ({
  ...(data === undefined ? {} : { LEARNFLOW_DATA_DIR: data }),
  ...(tokenFile === undefined ? {} : { LEARNFLOW_TOKEN_FILE: tokenFile }),
})
