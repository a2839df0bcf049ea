import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server'
import { SdkError } from '@modelcontextprotocol/server'
import { PlatformError, type Code } from '../platform/errors.ts'
import { type Effect, hasPlan } from '../skills/definition.ts'
import { advised } from './advice.ts'
import { type Answer, budget, failure, type Found, type Redact, success } from './answer.ts'
import { callerOf } from './caller.ts'
import { demandTool, type Operation } from './catalog.ts'
import type { McpContext } from './server-context.ts'
import type { JobState } from './job-file.ts'
import { isRunning } from './jobs.ts'
import { platformLog } from './logs.ts'
import { inputOf, type Reach } from './operate.ts'
import type { Task } from './runner.ts'
import { pagesOf } from './text.ts'
import type { Inputs } from './tools.ts'
import { progressOf } from './progress.ts'

/**
 * Runs a tool. Expected failures become answers that the coding agent can act on; unexpected ones also link to the log.
 */
export async function answering(
  mcp: McpContext,
  act: (redact: Redact) => Promise<CallToolResult>,
): Promise<CallToolResult> {
  const redact = await mcp.redactor()
  try {
    return await act(redact)
  } catch (error) {
    const deep =
      error instanceof PlatformError ? ['INTERNAL', 'DEPENDENCY_DOWN', 'CHECK_FAILED'].includes(error.code) : true
    const found = error instanceof JobFailure ? error.found : {}
    return failure(
      await inWordsOf(mcp, error),
      redact,
      deep ? await platformLog.uri(mcp.settingsNow()) : undefined,
      found,
    )
  }
}

/** The failure with its advice as calls of this server's tools. */
async function inWordsOf(mcp: McpContext, error: unknown): Promise<unknown> {
  if (!(error instanceof PlatformError)) return error
  const { code, message, hint, cause } = error
  return new PlatformError(code, message, { hint: await advised(mcp.catalogue, hint, mcp.readOnly), cause })
}

export async function read(
  mcp: McpContext,
  { op, args, page }: Inputs['read'],
  context: ServerContext,
  redact: Redact,
): Promise<CallToolResult> {
  const operation = await mcp.catalogue.get(op)
  demandTool(operation, 'read', mcp.readOnly)
  inputOf(operation, args, reachOf(mcp, context))
  const job = await runTask(mcp, operation, { args }, context)
  if (isRunning(job)) return success(handleOf(job), redact)
  const told = answerOf(job, page)
  const answer = { ...told, summary: await advised(mcp.catalogue, told.summary, mcp.readOnly) }
  const log = page === undefined && 'log' in fieldsOf(operation) ? await platformLog.uri(mcp.settingsNow()) : undefined
  return success(log === undefined ? answer : { ...answer, log }, redact)
}

const fieldsOf = ({ script: { output } }: Operation): object => ('shape' in output ? (output.shape as object) : {})

export async function change(
  mcp: McpContext,
  { op, args, dry_run: dryRun = false, confirm, page }: Inputs['change'],
  context: ServerContext,
  redact: Redact,
): Promise<CallToolResult> {
  const operation = await mcp.catalogue.get(op)
  demandTool(operation, 'change', mcp.readOnly)
  const settings = mcp.settingsFor(operation.script)
  const input = inputOf(operation, args, reachOf(mcp, context))
  const { script } = operation
  const deletes = script.effect === 'deletes'
  if (confirm !== undefined && (!deletes || dryRun))
    throw new PlatformError('INVALID_INPUT', dryRun ? 'a dry run takes no confirm' : `${op} needs no confirm`, {
      hint: 'Leave confirm out.',
    })
  if (deletes && !dryRun && confirm === undefined)
    throw new PlatformError('INVALID_INPUT', `${op} deletes and was not confirmed`, {
      hint: 'Call it with dry_run, then again with the confirm that it gives.',
    })
  if (dryRun) demandPlanned(operation, page)
  if (!deletes && !dryRun) return concluded(await runTask(mcp, operation, { args }, context, page))
  const dry = await runTask(mcp, operation, { args, dry_run: true }, context)
  if (isRunning(dry)) {
    await mcp.jobs.cancel(dry.id)
    throw new PlatformError('DEPENDENCY_DOWN', 'the dry run did not end in time', {
      hint: 'Try again, or read platform-up/status.',
    })
  }
  const { summary, plan, changed } = doneOf(dry)
  const planned = { op, args: input, plan, changed }
  if (dryRun)
    return success(
      { summary, plan, ...(deletes && changed > 0 ? { confirm: mcp.confirmations.issue(planned) } : {}) },
      redact,
    )
  mcp.confirmations.redeem(confirm ?? '', planned)
  return concluded(await runTask(mcp, operation, { args, confirm: script.confirm?.(input, settings) }, context, page))

  function concluded(job: JobState): CallToolResult {
    if (isRunning(job)) return success(handleOf(job), redact)
    // What is done is told: a page that there is not would be taken for a failure, and all of it done again.
    const last = Math.max(1, pagesOf(job.done?.lines ?? [], budget.page).length)
    const answer = answerOf(job, page === undefined ? undefined : Math.min(page, last))
    return success(keepsPages(job, page) ? { ...answer, job: job.id } : answer, redact)
  }
}

/** @throws INVALID_INPUT for a plan of what has none, or a page of what is not done */
function demandPlanned({ op, script }: Operation, page: number | undefined): void {
  if (hasPlan(script.effect) && page === undefined) return
  throw page === undefined
    ? new PlatformError('INVALID_INPUT', `${op} measures by writing: it has no plan`, { hint: 'Leave dry_run out.' })
    : new PlatformError('INVALID_INPUT', 'a dry run has no data to page', { hint: 'Leave page out.' })
}

/** Whether the rest of what was asked for has to be kept, because what it did is not done again for its next page. */
const keepsPages = ({ done }: JobState, page: number | undefined): boolean =>
  page !== undefined && done !== undefined && pagesOf(done.lines, budget.page).length > 1

export async function code(
  mcp: McpContext,
  { js, allow = [] }: Inputs['code'],
  context: ServerContext,
  redact: Redact,
): Promise<CallToolResult> {
  const operations = await Promise.all(allow.map(mcp.catalogue.get))
  for (const operation of operations) demandTool(operation, 'change', mcp.readOnly)
  const effect = operations.length === 0 ? 'reads' : 'changes'
  const task = { program: { code: js, allow }, config: mcp.settingsFor({}) }
  const job = await start(mcp, 'code', effect, task, context)
  if (isRunning(job)) return success(handleOf(job), redact)
  const pages = job.done === undefined ? [] : pagesOf(job.done.lines, budget.page)
  // Kept for its further pages, because a program cannot be run again.
  if (pages.length < 2) await mcp.jobs.forget(job.id)
  return success({ ...answerOf(job, 1), ...(pages.length < 2 ? {} : { job: job.id }) }, redact)
}

const runTask = async (
  mcp: McpContext,
  { op, script }: Operation,
  task: Pick<Task, 'args' | 'dry_run' | 'confirm'>,
  context: ServerContext,
  page?: number,
): Promise<JobState> => {
  const job = await start(mcp, op, script.effect, { ...task, config: mcp.settingsFor(script) }, context)
  // A result that was delivered is not kept, but what a change found when it failed can be asked for by its job only.
  const isKept =
    script.effect !== 'reads' && ((job.failed !== undefined && job.done !== undefined) || keepsPages(job, page))
  if (!isRunning(job) && !isKept) await mcp.jobs.forget(job.id)
  return job
}

/**
 * Starts a job and waits as long as a call may take. Cancelling the call cancels the job; a disconnected client leaves
 * the job running.
 */
async function start(
  mcp: McpContext,
  op: string,
  effect: Effect,
  task: Partial<Task> & Pick<Task, 'config'>,
  context: ServerContext,
): Promise<JobState> {
  const { signal, _meta: meta } = context.mcpReq
  const traceparent = traceparentOf(meta)
  const end = performance.now() + mcp.answerMs
  const work = { ...task, root: mcp.catalogue.root, traceparent, ...reachOf(mcp, context) }
  const id = await mcp.jobs.start(op, effect === 'reads' ? 'reads' : 'changes', work, mcp.answerMs / 2, signal)
  using progress = progressOf(context)
  try {
    return await mcp.jobs.wait(id, end - performance.now(), signal, progress.say)
  } catch (error) {
    if (signal.aborted && !(signal.reason instanceof SdkError)) await mcp.jobs.cancel(id)
    throw error
  }
}

const reachOf = ({ config }: McpContext, context: ServerContext): Reach => ({
  home: config.LEARNFLOW_DATA_DIR,
  by: callerOf(context),
})

/** W3C Trace Context, level 1. */
const traceparentOf = (meta: Record<string, unknown> | undefined): string | undefined => {
  const given = meta?.['traceparent']
  return typeof given === 'string' && /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(given) ? given : undefined
}

export const handleOf = ({ id, op }: JobState): Answer => ({
  summary: `${op} goes on; wait with the tool job`,
  job: id,
})

/** The answer of a finished job: its summary, or a page of its data. @throws the job's error. */
export function answerOf(job: JobState, page?: number): Answer {
  const { summary: line, lines, quotes } = doneOf(job, page)
  const summary = quotes ? `${job.op} quotes the platform` : line
  if (page === undefined)
    return quotes ? { summary, untrusted_data: pagesOf(line.split('\n'), budget.page)[0] ?? [] } : { summary }
  const pages = pagesOf(lines, budget.page)
  const data = pages[page - 1]
  if (data === undefined)
    throw new PlatformError('INVALID_INPUT', `there is no page ${page} of ${pages.length}`, {
      hint: 'Pages count from 1.',
    })
  return { summary, untrusted_data: data, ...(pages.length === 1 ? {} : { page, pages: pages.length }) }
}

/** A failure of an operation with what it found all the same. */
class JobFailure extends PlatformError {
  readonly found: Found
  constructor({ code, message, hint }: NonNullable<JobState['failed']>, found: Found) {
    super(code as Code, message, { hint })
    this.found = found
  }
}

/** The page of what a failed job found; without a page, how many there are; with the job that has those not shown. */
function foundOf({ id, op, effect, done }: JobState, page: number | undefined): Found {
  if (done === undefined) return {}
  const pages = pagesOf(done.lines, budget.page)
  const data = page === undefined ? undefined : pages[page - 1]
  // What only reads can be run again for another page, but no program is.
  const isMore = pages.length > 1
  const isAsked = op === 'code' ? isMore : effect !== 'reads' && (page === undefined || isMore)
  const all = { pages: pages.length, ...(isAsked ? { job: id } : {}) }
  return data === undefined ? all : { untrusted_data: data, page: page ?? 1, ...all }
}

function doneOf(job: JobState, page?: number) {
  const { op, status, done, failed } = job
  if (failed !== undefined) throw new JobFailure(failed, foundOf(job, page))
  if (done !== undefined) return done
  if (status === 'cancelled')
    throw new PlatformError('CONFLICT', `${op} was cancelled`, {
      hint: 'What it had done stays: read platform-up/status.',
    })
  throw new PlatformError('INTERNAL', `the process of ${op} ended without a result`, {
    hint: 'Run it again: operations may be repeated.',
  })
}
