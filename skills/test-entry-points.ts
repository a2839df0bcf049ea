import { join } from 'node:path'
import { execa } from 'execa'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { expect } from 'vitest'
import * as z from 'zod'
import { type Config } from '../platform/config.ts'
import { codes, type PlatformError } from '../platform/errors.ts'
import type { Script } from './definition.ts'
import { failureOf } from './output.ts'
import { runScript } from './registry.ts'

const here = import.meta.dirname

/**
 * The result of an entry point: `exit` is the exit code of a process, `code` the failure; `data` where the entry point
 * gives it.
 */
export interface EntryPointResult {
  exit: number
  code?: PlatformError['code']
  text: string
  plan?: readonly string[]
  data?: unknown
}

/** A client of an MCP server. */
interface McpClient {
  call(name: string, args: Record<string, unknown>): Promise<{ structured: Record<string, unknown> }>
}

export interface Call {
  id: string
  script: Script
  args: Record<string, unknown>
  dryRun: boolean
}

/** One way to a script. `file` prints data, `cli` its line, `run` is the function under all of them. */
export type EntryPoint = (call: Call) => Promise<EntryPointResult>
export type EntryPointName = 'run' | 'file' | 'cli' | 'mcp'

interface Field {
  positional?: boolean
  type?: string
  default?: unknown
}

/** Arguments as a person types them. */
function argvOf({ script, args, dryRun }: Call, config: Config): string[] {
  const { properties = {} } = z.toJSONSchema(script.input, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Field>
  }
  const words = Object.entries(args).flatMap(([name, value]) => {
    const all = [value].flat().map(String)
    if (properties[name]?.positional === true) return all
    return properties[name]?.type === 'boolean'
      ? value === true
        ? [`--${name}`]
        : properties[name]?.default === true
          ? [`--no-${name.replaceAll('_', '-')}`]
          : []
      : [`--${name.replaceAll('_', '-')}`, ...all]
  })
  return [
    ...words,
    ...(dryRun ? ['--dry-run'] : []),
    ...(script.effect === 'deletes' && !dryRun ? ['--confirm', script.confirm?.(args, config) ?? ''] : []),
  ]
}

/** Every entry point to the scripts that concern the data folder of `config`. */
export function openEntryPoints(
  config: Config,
  env: Record<string, string>,
  mcp: McpClient,
): Record<EntryPointName, EntryPoint> {
  const folder = config.LEARNFLOW_DATA_DIR
  const start = async (args: string[]) =>
    execa(process.execPath, args, {
      cwd: '/',
      env: { ...env, LEARNFLOW_DATA_DIR: folder },
      extendEnv: false,
      reject: false,
    })
  return {
    async run({ id, script, args, dryRun }) {
      try {
        const { summary, data, plan, failure } = await runScript(id, args, {
          config,
          script,
          dryRun,
          confirm: script.confirm?.(args, config),
        })
        if (failure !== undefined) return { exit: codes[failure.code].exit, code: failure.code, text: failure.message }
        return { exit: 0, text: summary, data, plan: dryRun ? plan : [] }
      } catch (error) {
        const { code, message } = failureOf(error)
        return { exit: codes[code].exit, code, text: message }
      }
    },
    async file(call) {
      const [skill = '', name = ''] = call.id.split('/')
      const { stdout, exitCode = -1 } = await start([
        join(here, skill, 'scripts', `${name}.ts`),
        ...argvOf(call, config),
        '--json',
      ])
      const data = JSON.parse(stdout) as { code?: PlatformError['code']; message?: string }
      return exitCode === 0
        ? { exit: 0, text: '', data }
        : { exit: exitCode, text: data.message ?? '', ...(data.code === undefined ? {} : { code: data.code }) }
    },
    async cli(call) {
      const {
        stdout,
        stderr,
        exitCode = -1,
      } = await start([join(here, '..', 'bin', 'learnflow.ts'), ...call.id.split('/'), ...argvOf(call, config)])
      if (exitCode === 0) {
        const lines = stdout.split('\n')
        // Only a trace has more than one line, and it has no plan.
        return call.dryRun
          ? { exit: 0, text: lines.at(-1) ?? '', plan: lines.slice(0, -1) }
          : { exit: 0, text: stdout, plan: [] }
      }
      const [, code = 'INTERNAL', message = ''] = /^([A-Z_]+): ([\s\S]*)\n[^\n]*$/.exec(stderr) ?? []
      return { exit: exitCode, code: code as PlatformError['code'], text: message }
    },
    async mcp({ id, script, args, dryRun }) {
      const tool = script.effect === 'reads' ? 'read' : 'change'
      const call = async (more: object) => {
        let said = await mcp.call(tool, { op: id, args, ...more })
        // A call that takes longer than the limit becomes a job, which is waited for.
        while (said.structured['job'] !== undefined && said.structured['pages'] === undefined)
          said = await mcp.call('job', { action: 'wait', id: said.structured['job'], seconds: 45 })
        return said
      }
      const dry = dryRun || script.effect === 'deletes' ? await call({ dry_run: true }) : undefined
      // A deletion with nothing to delete has no plan to confirm.
      const confirm = dry?.structured['confirm']
      const said =
        dryRun || (dry !== undefined && confirm === undefined)
          ? (dry ?? (await call({})))
          : await call(confirm === undefined ? {} : { confirm })
      const { code, summary, plan, untrusted_data } = said.structured as {
        code?: PlatformError['code']
        summary: string
        plan?: string[]
        untrusted_data?: string[]
      }
      if (code !== undefined) return { exit: codes[code].exit, code, text: summary }
      // Text that quotes the platform is marked as untrusted, but is otherwise the same.
      const quoted = summary === `${id} quotes the platform`
      return { exit: 0, text: quoted ? (untrusted_data ?? []).join('\n') : summary, plan: plan ?? [] }
    },
  }
}

/**
 * The output stays within its token budget: a line of success 40, a failure 120, a trace 300. The random name of the test's
 * own folder is not counted, because it costs 2 to 6 tokens by chance.
 */
export function expectCheap(folder: string, id: string, { exit, text, plan }: EntryPointResult): void {
  const max = exit !== 0 ? 120 : id === 'incident-triage/trace' ? 300 : 40 + (plan?.length === 0 ? 0 : 12)
  expect(countTokens(text.replaceAll(folder, '/tmp/learnflow')), `${id}: ${text}`).toBeLessThanOrEqual(max)
}
