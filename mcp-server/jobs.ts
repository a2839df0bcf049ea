import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { extname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../platform/config.ts'
import { jobsFolder, removeJob } from '../platform/owner/job-records.ts'
import { type Job, jobLog, type JobState, listJobs, readJob, writeJob } from './job-file.ts'
import type { Task } from './runner.ts'
import { openTurns } from './turns.ts'

const entry = join(import.meta.dirname, `runner${extname(import.meta.filename)}`)
/** How many jobs of a server run at a time and wait, how many finished ones are kept, and for how long. */
const max = { running: 8, waiting: 200, kept: 50, keptMs: 7 * 86_400_000 }
const beginning = {
  code: 'INTERNAL',
  message: 'the process of this job ended before it began',
  hint: 'Run it again: operations may be repeated.',
}
/** How long a cancelled job may take to end by itself. */
const graceMs = 8_000
const pollMs = { first: 5, last: 250 }

export interface Jobs {
  /**
   * Starts a task in a separate process, which outlives this one, when it is its turn.
   * @throws TOO_MANY_REQUESTS when it has none within `waitMs`; the reason of `signal`.
   */
  start(
    op: string,
    effect: Job['effect'],
    task: Omit<Task, 'id' | 'folder' | 'op' | 'effect'>,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<string>
  /** The job once it has ended, or its state after `limitMs`. `say` gets its log lines meanwhile. */
  wait(id: string, limitMs: number, signal: AbortSignal, say?: (line: string) => void): Promise<JobState>
  status(id: string): Promise<{ job: JobState; lines: string[] }>
  list(): Promise<JobState[]>
  /** Ends the job, and asks the platform to stop the work that it began. */
  cancel(id: string): Promise<JobState>
  /** Forgets a finished job whose result was delivered. */
  forget(id: string): Promise<void>
}

export const isRunning = ({ status }: JobState): boolean => status === 'starting' || status === 'running'

export function openJobs(config: Config): Jobs {
  const folder = jobsFolder(config.LEARNFLOW_DATA_DIR)
  // A process started in advance, so that the next job begins at once. It ends with this process.
  let spare: ReturnType<typeof spawnRunner> | undefined

  const turns = openTurns(max.running, max.waiting)

  async function start(...[op, effect, task, waitMs, signal]: Parameters<Jobs['start']>): Promise<string> {
    const end = await turns.take(waitMs, signal)
    try {
      return await begin(op, effect, task, end)
    } catch (error) {
      end()
      throw error
    }
  }

  async function begin(op: string, effect: Job['effect'], task: Parameters<Jobs['start']>[2], end: () => void) {
    const jobs = await listJobs(folder)
    const over = jobs.filter(job => !isRunning(job))
    const old = over.filter((job, at) => at >= max.kept || Date.now() - Date.parse(job.started_at) > max.keptMs)
    await Promise.all(old.map(async ({ id }) => removeJob(folder, id)))
    const id = newId(jobs)
    const by = task.by === undefined ? {} : { by: task.by }
    await writeJob(folder, { id, op, effect, status: 'starting', started_at: new Date().toISOString(), ...by })
    const runner = spare !== undefined && isAlive(spare) ? spare : spawnRunner()
    spare = undefined
    runner.once('exit', () => void noteDeath(id).finally(end))
    runner.once('error', end)
    runner.stdin.end(JSON.stringify({ ...task, id, op, effect, folder } satisfies Task))
    spare = spawnRunner()
    return id
  }

  /** Marks a job as failed whose runner ended before it began, because its record would stay at `starting`. */
  async function noteDeath(id: string): Promise<void> {
    const job = await readJob(folder, id).catch(() => undefined)
    if (job?.status === 'starting') await writeJob(folder, { ...job, status: 'failed', failed: beginning })
  }

  const status: Jobs['status'] = async id => ({ job: await readJob(folder, id), lines: await jobLog(folder, id) })

  return {
    start,
    status,
    list: async () => listJobs(folder),
    async wait(id, limitMs, signal, say) {
      let reported = 0
      for (
        let [pause, end] = [pollMs.first, performance.now() + limitMs];
        ;
        pause = Math.min(pollMs.last, pause * 1.5)
      ) {
        const { job, lines } = await status(id)
        for (const line of lines.slice(reported)) say?.(line)
        reported = lines.length
        if (!isRunning(job) || performance.now() >= end) return job
        await sleep(Math.min(pause, Math.max(1, end - performance.now())), undefined, { signal })
      }
    },
    async cancel(id) {
      const { job } = await status(id)
      if (!isRunning(job)) return job
      const end = performance.now() + graceMs
      for (let asked = false; performance.now() < end; await sleep(50)) {
        const { job: now } = await status(id)
        if (!isRunning(now)) return now
        if (!asked && now.pid !== undefined) asked = signalJob(now.pid, 'SIGTERM')
      }
      const { job: last } = await status(id)
      if (!isRunning(last)) return last
      if (last.pid !== undefined) signalJob(-last.pid, 'SIGKILL')
      const cancelled = { ...last, status: 'cancelled' as const, ended_at: new Date().toISOString() }
      await writeJob(folder, cancelled)
      return cancelled
    },
    forget: async id => removeJob(folder, id),
  }
}

/** The held lock shows that the process exists, but it may end before the signal arrives. */
function signalJob(pid: number, signal: NodeJS.Signals): true {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
  return true
}

const letters = 'abcdefghijkmnpqrstuvwxyz23456789'

function newId(jobs: readonly JobState[]): string {
  const id = Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('')
  return jobs.some(job => job.id === id) ? newId(jobs) : id
}

/** One that ended while it was spare would neither take its job nor end again, and its turn would be kept. */
const isAlive = ({ pid, exitCode, signalCode }: ReturnType<typeof spawnRunner>): boolean =>
  pid !== undefined && exitCode === null && signalCode === null

function spawnRunner() {
  const runner = spawn(process.execPath, [entry], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  // Neither the runner nor its pipe keeps this process alive. Errors are ignored, because a runner that could not start
  // or died shows as the job state `lost`.
  runner.on('error', () => {})
  runner.stdin.on('error', () => {})
  runner.unref()
  if ('unref' in runner.stdin && typeof runner.stdin.unref === 'function') runner.stdin.unref()
  return runner
}
