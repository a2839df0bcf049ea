import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server'
import { PlatformError } from '../platform/errors.ts'
import { budget, type Redact, success } from './answer.ts'
import { answerOf, handleOf } from './call.ts'
import { isTheirs } from './caller.ts'
import { progressOf } from './progress.ts'
import type { McpContext } from './server-context.ts'
import { type JobState, noJob } from './job-file.ts'
import { isRunning } from './jobs.ts'
import { scopes } from './scopes.ts'
import { maxTokens } from './text.ts'
import type { Inputs } from './tools.ts'

const defaultWaitSeconds = 20

/** The tool `job`: the state of work that outlasted its call, including jobs that an earlier server started. */
export async function job(
  mcp: McpContext,
  { action, id, seconds = defaultWaitSeconds, page }: Inputs['job'],
  context: ServerContext,
  redact: Redact,
): Promise<CallToolResult> {
  if (action === 'list')
    return success(
      { summary: overview((await mcp.jobs.list()).filter(job => isTheirs(context, job))) },
      redact,
      budget.find,
    )
  if (id === undefined)
    throw new PlatformError('INVALID_INPUT', `${action} needs the id of a job`, {
      hint: 'job with action list shows them.',
    })
  const { job: found, lines } = await mcp.jobs.status(id)
  if (!isTheirs(context, found)) throw noJob(id)
  if (action === 'status') return report(found, lines.at(-1))
  if (action === 'cancel') return cancel(found)
  using progress = progressOf(context)
  const over = await mcp.jobs.wait(id, seconds * 1_000, context.mcpReq.signal, progress.say)
  return report(over, undefined)

  function report(state: JobState, last: string | undefined): CallToolResult {
    if (!isRunning(state)) return success(answerOf(state, page), redact)
    const answer = handleOf(state)
    return success(
      { ...answer, summary: `${answer.summary}; ${age(state)}${last === undefined ? '' : `: ${last}`}` },
      redact,
    )
  }

  async function cancel(state: JobState): Promise<CallToolResult> {
    if (mcp.readOnly && state.effect !== 'reads')
      throw new PlatformError('FORBIDDEN', `${state.op} changes, and this server only reads`, {
        hint: 'Start it without --read-only.',
      })
    if (state.effect !== 'reads' && context.http?.authInfo?.scopes.includes(scopes.change) === false)
      throw new PlatformError('FORBIDDEN', `${state.op} changes, and this token may only read`, {
        hint: `Use a token with the scope ${scopes.change}.`,
      })
    const ended = await mcp.jobs.cancel(state.id)
    return success(
      {
        summary:
          isRunning(state) && ended.status === 'cancelled'
            ? `cancelled ${state.op}`
            : `unchanged: ${state.op} was ${ended.status}`,
      },
      redact,
    )
  }
}

const age = ({ started_at: start, ended_at: end }: JobState): string =>
  `${Math.max(0, ((end === undefined ? Date.now() : Date.parse(end)) - Date.parse(start)) / 1_000).toFixed(0)} s`

function overview(jobs: readonly JobState[]): string {
  if (jobs.length === 0) return 'no jobs'
  let left: number = budget.find - 60
  const lines = jobs.map(state => `${state.id} ${state.op} ${state.status} ${age(state)}`)
  const shown = lines.filter(line => (left -= maxTokens(line) + 2) > 0)
  return [...shown, ...(shown.length < lines.length ? [`and ${lines.length - shown.length} older`] : [])].join('\n')
}
