import * as z from 'zod'
import '../schemas/missing.ts'
import type { Config } from '../platform/config.ts'
import { type Code, PlatformError } from '../platform/errors.ts'
import { otherVersion } from '../platform/other-version.ts'
import type { TargetPorts } from '../platform/targets/target.ts'

/** `probes`: it measures by writing, such as programs that synthetic students hand in, and has no plan. */
export type Effect = 'reads' | 'probes' | 'changes' | 'deletes'
/** Whether it says what it would do, when it is asked for that alone. */
export const hasPlan = (effect: Effect): boolean => effect === 'changes' || effect === 'deletes'
export type PortName = keyof TargetPorts

/**
 * What a script needs: a port, which is available whether or not a platform runs; `platform`, when one has to run; or
 * `folder`, when it reads the data folder itself. A script that needs no port runs in the process of its caller.
 */
export type Need = PortName | 'platform' | 'folder'

/** The ports among the needs of a script. */
export const portsOf = ({ needs }: Script): PortName[] => needs.filter(need => need !== 'platform' && need !== 'folder')

/**
 * What a script gets beside its input: settings, the ports it needs, a way to report progress, and a signal to stop.
 */
export type Context<Port extends PortName = never> = Pick<TargetPorts, Port> & {
  config: Config
  /** When set, nothing may be changed: the script returns what it would do. */
  dryRun: boolean
  /** One line for a person who waits; it is never printed on stdout. */
  progress(line: string): void
  /**
   * One line of its findings, as soon as it is found: a command that shows all of them prints it, elsewhere it is
   * progress.
   */
  line(line: string): void
  signal: AbortSignal
}

/** A failure as data: a code to branch on, the facts, and a next step. */
export interface Failure {
  code: Code
  message: string
  hint: string
}

/**
 * What a script found or did. `summary`: one line of facts, at most 40 tokens. `changed`: how many things it changed
 * (0: `unchanged`) or, in a dry run, would change. `plan`: one line per object, printed by a dry run.
 */
export interface Done<Data> {
  summary: string
  data: Data
  changed?: number
  plan?: readonly string[]
  /**
   * Set when the findings count as this failure: each entry point reports it as an error with its exit code, and a
   * command that shows all still prints the data.
   */
  failure?: Failure
}

export interface Definition<Input extends z.ZodObject, Output extends z.ZodType, Needs extends Need> {
  /** What it does, in one sentence: its help text, and its entry in the catalogue. */
  about: string
  effect: Effect
  needs: readonly Needs[]
  /**
   * Field names in snake_case; a flag is the same in kebab case. `.describe()` is the help; `.meta({ positional: true
   * })` marks the one positional argument, `path` a path.
   */
  input: Input
  output: Output
  /** Set when its summary quotes users, programs or a log. An entry point for models marks such text as untrusted. */
  quotes?: true
  /** Set when it has to work whatever the settings say: it gets those that are right. */
  whateverSettings?: true
  /** For `deletes`: the name that must be repeated before anything is deleted. */
  confirm?(input: z.infer<Input>, config: Config): string
  run(input: z.infer<Input>, context: Context<Extract<Needs, PortName>>): Promise<Done<z.input<Output>>>
}

/** Any script, as the registry holds it. */
export type Script = Definition<z.ZodObject, z.ZodType, Need>

/**
 * One operation, the same through every entry point. It prints nothing, parses no arguments and opens no client.
 * Unknown input is refused.
 */
export function defineScript<Input extends z.ZodObject, Output extends z.ZodType, const Needs extends Need = never>(
  script: Omit<Definition<Input, Output, Needs>, 'needs'> & { needs?: readonly Needs[] },
): Definition<Input, Output, Needs> {
  if (script.effect === 'deletes' && script.confirm === undefined)
    throw new Error(`a script that deletes says what has to be confirmed: ${script.about}`)
  return { ...script, needs: script.needs ?? [], input: script.input.strict() as unknown as Input }
}

/** The result of a script, as every entry point gets it; `data` is valid under its output schema. */
export interface ScriptResult {
  summary: string
  data: unknown
  changed: number
  plan: readonly string[]
  failure?: Failure
}

/** Every mistake, by field, in one line. */
export function mistakesIn({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)).join('; ')
}

/** @throws INVALID_INPUT with every mistake at once. */
export function parseInput(id: string, script: Script, input: unknown): Record<string, unknown> {
  const read = script.input.safeParse(input)
  if (read.success) return read.data
  throw new PlatformError('INVALID_INPUT', mistakesIn(read.error), { hint: `learnflow ${id.replace('/', ' ')} --help` })
}

/** Runs a script on parsed input and formats its result. A result that violates its own schema is an internal error. */
export async function execute(
  id: string,
  script: Script,
  input: Record<string, unknown>,
  context: Context<PortName>,
): Promise<ScriptResult> {
  const {
    summary,
    data,
    changed = 0,
    plan = [],
    failure,
  } = await script.run(input, context).catch((error: unknown) => {
    // What the platform answered is not what this version reads.
    throw error instanceof z.ZodError && script.needs.includes('platform') ? otherVersion(mistakesIn(error)) : error
  })
  const checked = script.output.safeParse(data)
  if (!checked.success) throw new Error(`${id} gave data against its schema: ${z.prettifyError(checked.error)}`)
  return {
    summary: phrase(script, summary, changed, context.dryRun),
    data: checked.data,
    changed,
    plan,
    ...(failure === undefined ? {} : { failure }),
  }
}

function phrase({ effect }: Script, summary: string, changed: number, dryRun: boolean): string {
  if (!hasPlan(effect)) return summary
  if (dryRun) return `dry run, would change ${changed}: ${summary}`
  return changed === 0 && !summary.includes('unchanged') ? `unchanged: ${summary}` : summary
}
