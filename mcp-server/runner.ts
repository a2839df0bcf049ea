import { appendFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import type { Config } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { takeLock } from '../platform/owner/lock.ts'
import type { Failure, ScriptResult } from '../skills/definition.ts'
import { wholeFailureOf } from '../skills/output.ts'
import { folderRedactor } from '../skills/redact.ts'
import { runScript } from '../skills/registry.ts'
import { demandTool, openCatalogue, type Operation } from './catalog.ts'
import { jobPaths } from '../platform/owner/job-records.ts'
import { type Done, type Job, readJob, writeJob } from './job-file.ts'
import { inputOf, type Reach } from './operate.ts'
import { clean, linesOf } from './text.ts'

/** The input of a job, as JSON on its stdin. */
export interface Task extends Reach {
  id: string
  /** The folder of the jobs; `root` is the folder of the skills. */
  folder: string
  root: string
  config: Config
  op: string
  effect: Job['effect']
  args?: unknown
  dry_run?: boolean
  /** For `deletes`: the name that was confirmed. */
  confirm?: string | undefined
  traceparent?: string | undefined
  /** A program for the sandbox, and the changing operations that it may call. */
  program?: { code: string; allow: string[] }
}

/** Limits of a job: its time, its log and its stored result. */
const max = { jobMs: 3_600_000, graceMs: 5_000, lines: 5_000, characters: 1_000_000, line: 400, shownCharacters: 2_000 }

/** Waits for one task, runs it and stores the result. Without a task it ends. */
async function main(): Promise<void> {
  const task = await text(process.stdin)
  if (task !== '') await run(JSON.parse(task) as Task)
}

const lockMs = 10_000

/**
 * Retries, because a reader of the lock may hold it for an instant, and without the lock this job would count as lost.
 */
async function ownLock(path: string): Promise<Disposable> {
  for (const end = performance.now() + lockMs; performance.now() < end; await sleep(10)) {
    const lock = takeLock(path, 100)
    if (lock !== undefined) return lock
  }
  throw new Error(`the lock ${path} was not to be had within ${lockMs} ms`)
}

async function run(task: Task): Promise<void> {
  const { id, folder, op, effect, config, by } = task
  const files = jobPaths(folder, id)
  const stop = new AbortController()
  const end = (): void => {
    stop.abort()
    setTimeout(() => void finish({ status: 'cancelled' }).finally(() => process.exit(1)), max.graceMs).unref()
  }
  process.on('SIGTERM', end)
  setTimeout(end, max.jobMs).unref()
  using _lock = await ownLock(files.lock)
  // The job may have been cancelled before it could begin.
  if ((await readJob(folder, id, () => true)).status !== 'starting') return
  const started: Job = {
    id,
    op,
    effect,
    status: 'running',
    started_at: new Date().toISOString(),
    pid: process.pid,
    ...(by === undefined ? {} : { by }),
  }
  await writeJob(folder, started)
  const finish = async (over: Pick<Job, 'status' | 'done' | 'failed'>): Promise<void> =>
    writeJob(folder, { ...started, ...over, ended_at: new Date().toISOString() })
  const redact = await folderRedactor(config.LEARNFLOW_DATA_DIR)
  try {
    const outcome = await work(task, teller(files.log, redact), stop.signal)
    const quotes = task.program === undefined && (await openCatalogue(task.root).get(op)).script.quotes === true
    const { failure } = outcome
    await finish({
      ...(failure === undefined ? { status: 'done' } : { status: 'failed', failed: redact(failure) }),
      done: { ...doneOf(redact(outcome)), quotes },
    })
  } catch (error) {
    await finish(stop.signal.aborted ? { status: 'cancelled' } : failedOf(redact(wholeFailureOf(error))))
  }
  // Ends the process even when a script left handles open.
  process.exit(0)
}

async function work(task: Task, progress: (line: string) => void, signal: AbortSignal): Promise<ScriptResult> {
  const { op, root, args, config, dry_run: dryRun = false, confirm, traceparent, program } = task
  const catalogue = openCatalogue(root)
  const runOp = async (operation: Operation, args: unknown): Promise<ScriptResult> => {
    inputOf(operation, args, task)
    return runScript(operation.op, args ?? {}, {
      script: operation.script,
      config,
      dryRun,
      confirm,
      progress,
      signal,
      traceparent,
    })
  }
  if (program === undefined) return runOp(await catalogue.get(op), args)
  const { runProgram } = await import('./code-runner.ts')
  const call = async (tool: 'read' | 'change', op: string, args: unknown): Promise<ScriptResult> => {
    const operation = await catalogue.get(op)
    demandTool(operation, tool, false)
    if (operation.script.effect === 'deletes')
      throw new PlatformError('FORBIDDEN', `a program may not delete: ${op}`, {
        hint: 'Use the tool change: a dry run, then its confirm.',
      })
    if (tool === 'change' && !program.allow.includes(op))
      throw new PlatformError('FORBIDDEN', `the program may not call ${op}`, { hint: 'Name it in allow.' })
    return runOp(operation, args)
  }
  return runProgram({ code: program.code, call, signal })
}

/** A failure without data of its own has the mistakes that it lists for data, because an answer shows the first only. */
function failedOf(failed: Failure): Pick<Job, 'status' | 'done' | 'failed'> {
  const lines = failed.message.split('; ')
  const done = { summary: '', changed: 0, plan: [], lines, quotes: false }
  return { status: 'failed', failed, ...(lines.length > 1 ? { done } : {}) }
}

/** Writes lines to the job's log, which waiting callers read. */
function teller(file: string, redact: (line: string) => string): (line: string) => void {
  let left = max.shownCharacters
  return line => {
    if (left-- > 0)
      appendFileSync(file, `${clean(redact(line)).replaceAll('\n', ' ').slice(0, max.line)}\n`, { mode: 0o600 })
  }
}

/** The result with its data as lines, up to the number that is kept. */
function doneOf({ summary, changed, plan, data }: ScriptResult): Omit<Done, 'quotes'> {
  const shown = { summary: clean(summary), changed, plan: plan.map(clean) }
  const lines: string[] = []
  let left = max.characters
  for (const line of linesOf(data).map(clean)) {
    left -= line.length
    if (left < 0 || lines.length >= max.lines) return { ...shown, lines: [...lines, '(more was found than is kept)'] }
    lines.push(line)
  }
  return { ...shown, lines }
}

await main().catch((error: unknown) => {
  // Output of this process is not read; a job whose result could not be written becomes `lost`.
  process.exitCode = error instanceof PlatformError ? 2 : 1
})
