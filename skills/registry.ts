import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../platform/config.ts'
import { dataPaths } from '../platform/owner/data-folder.ts'
import { PlatformError } from '../platform/errors.ts'
import { targetOf } from '../platform/targets/resolve.ts'
import type { TargetPorts } from '../platform/targets/target.ts'
import type { ControlHandler } from '../platform/owner/control-socket.ts'
import {
  type Context,
  execute,
  type ScriptResult,
  parseInput,
  type PortName,
  portsOf,
  type Script,
} from './definition.ts'
import { nearest } from './nearest.ts'
import { entry } from './entry.ts'
import { folderRedactor } from './redact.ts'

const here = import.meta.dirname
const scriptFile = /^([a-z0-9-]+)\.(?:ts|js)$/

/**
 * The ids of all scripts: `folder/file`. Every file in `scripts` is a script. `root` is another folder of skills than
 * ours.
 */
export function scriptIds(root: string = here): string[] {
  return skillNames(root).flatMap(skill =>
    scriptFiles(root, skill).flatMap(file => {
      const name = scriptFile.exec(file)?.[1]
      return name === undefined ? [] : [`${skill}/${name}`]
    }),
  )
}

/** The skills: every folder with a SKILL.md. */
export function skillNames(root: string = here): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && existsSync(join(root, entry.name, 'SKILL.md')))
    .map(entry => entry.name)
    .toSorted()
}

function scriptFiles(root: string, skill: string): string[] {
  const folder = join(root, skill, 'scripts')
  return existsSync(folder) ? readdirSync(folder).toSorted() : []
}

/** @throws NOT_FOUND with the nearest ids. */
export async function loadScript(id: string, root: string = here): Promise<Script> {
  const ids = scriptIds(root)
  if (!ids.includes(id))
    throw new PlatformError('NOT_FOUND', `there is no script ${id.slice(0, 80)}`, {
      hint: `Nearest: ${nearest(id, ids).join(', ')}.`,
    })
  const [skill = '', name = ''] = id.split('/')
  const file = scriptFiles(root, skill).find(candidate => scriptFile.exec(candidate)?.[1] === name) ?? ''
  const module = (await import(join(root, skill, 'scripts', file))) as { default: Script }
  return module.default
}

export interface RunOptions {
  config: Config
  /** The script itself when its own file is executed, because that module cannot be loaded again. */
  script?: Script
  dryRun?: boolean
  /** For `deletes`: the name of what may be deleted. */
  confirm?: string | undefined
  progress?: (line: string) => void
  /** Receives the lines of findings; without it they are reported as progress. */
  line?: (line: string) => void
  signal?: AbortSignal
  /** W3C trace context of the call that this is part of; it is passed to the owner of the data folder. */
  traceparent?: string | undefined
}

/**
 * The only way from every entry point to a script: it runs in the process of the caller, inside the owner of the data
 * folder, or on the folder itself when it has no owner. Results and errors contain no secret.
 * @throws what the script throws; NOT_FOUND, INVALID_INPUT; NOT_RUNNING when it needs a running platform and there is
 * none.
 */
export async function runScript(id: string, input: unknown, options: RunOptions): Promise<ScriptResult> {
  const { config, dryRun = false, confirm, progress = () => {}, signal = new AbortController().signal } = options
  const script = options.script ?? (await loadScript(id))
  const parsed = parseInput(id, script, input)
  if (!dryRun) demandConfirmation(script, parsed, config, confirm)
  const redact = await folderRedactor(config.LEARNFLOW_DATA_DIR)
  const say = (line: string): void => progress(redact(line))
  const context: Base = {
    config,
    dryRun,
    progress: say,
    line: line => (options.line ?? progress)(redact(line)),
    signal,
  }
  try {
    return redact(
      portsOf(script).length > 0
        ? await onPorts(id, script, { raw: input, parsed, traceparent: options.traceparent }, context)
        : await inCaller(id, script, parsed, context),
    )
  } catch (error) {
    throw error instanceof PlatformError
      ? new PlatformError(error.code, redact(error.message), { hint: redact(error.hint), cause: error.cause })
      : error
  }
}

type Base = Context
type Input = Record<string, unknown>

function demandConfirmation(script: Script, input: Input, config: Config, confirm: string | undefined): void {
  if (script.effect !== 'deletes') return
  const name = script.confirm?.(input, config) ?? ''
  if (confirm !== name)
    throw new PlatformError('INVALID_INPUT', `this deletes ${name} and was not confirmed`, {
      hint: `See what goes with --dry-run, then say --confirm ${name}.`,
    })
}

async function inCaller(id: string, script: Script, input: Input, context: Base): Promise<ScriptResult> {
  const folder = context.config.LEARNFLOW_DATA_DIR
  // A platform that is just starting is told so.
  if (script.needs.includes('platform') && !existsSync(dataPaths(folder).running)) await demandUp(folder)
  return execute(id, script, input, context as Context<PortName>)
}

/** @throws CHECK_FAILED when it is starting, or given up; NOT_RUNNING when nobody started it */
async function demandUp(folder: string): Promise<void> {
  await (await targetOf(folder)).status(folder)
}

/** The owner parses the raw input again, so that a schema's transformation is applied only once. */
async function onPorts(
  id: string,
  script: Script,
  { raw, parsed, traceparent }: { raw: unknown; parsed: Input; traceparent?: string | undefined },
  context: Base,
): Promise<ScriptResult> {
  const target = await targetOf(context.config.LEARNFLOW_DATA_DIR)
  const needs = (['sandbox', 'agents', 'platform'] as const).filter(need => script.needs.includes(need))
  const request = { op: id, args: raw, traceparent, reads: script.effect === 'reads' || context.dryRun, needs }
  const result = await target.ports({ ...context, entry }, request, async ports =>
    execute(id, script, parsed, { ...context, ...ports } as Context<PortName>),
  )
  return result as ScriptResult
}

/** A script's data, for checks that query the platform beside its API. */
export const operateHere =
  (config: Config) =>
  async <T>(op: string, args: Record<string, unknown>): Promise<T> =>
    (await runScript(op, args, { config })).data as T

/**
 * Answers the operators' requests in the owner of a data folder. It runs scripts that need its ports; the others run in
 * the caller.
 */
export function controlHandler({ config, ports }: { config: Config; ports: TargetPorts }): ControlHandler {
  return async ({ op, args, dry_run: dryRun }, progress, signal) => {
    const script = await loadScript(op)
    if (portsOf(script).length === 0)
      throw new PlatformError('INVALID_INPUT', `${op} runs in its caller, not in the platform`, {
        hint: `learnflow ${op.replace('/', ' ')}`,
      })
    const { log, state, history, sandbox, agents } = ports
    return execute(op, script, parseInput(op, script, args), {
      config,
      dryRun,
      progress,
      line: progress,
      signal,
      log,
      state,
      history,
      sandbox,
      agents,
    })
  }
}
