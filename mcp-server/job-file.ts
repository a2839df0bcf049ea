import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import * as z from 'zod'
import { PlatformError, hasCode } from '../platform/errors.ts'
import { jobPaths } from '../platform/owner/job-records.ts'
import { isLocked } from '../platform/owner/lock.ts'

/**
 * The result of a job. `lines` is its data, to be paged; `quotes` says that the summary quotes text of the platform.
 */
const Done = z.object({
  summary: z.string(),
  changed: z.number().int(),
  plan: z.array(z.string()),
  lines: z.array(z.string()),
  quotes: z.boolean().default(false),
})
export type Done = z.infer<typeof Done>
const Failed = z.object({ code: z.string(), message: z.string(), hint: z.string() })

/**
 * A job as stored in its file. It is `running` from the start of its process, which holds the lock beside the file
 * while it lives.
 */
const Job = z.object({
  id: z.string(),
  op: z.string(),
  effect: z.enum(['reads', 'changes']),
  status: z.enum(['starting', 'running', 'done', 'failed', 'cancelled']),
  started_at: z.string(),
  ended_at: z.string().optional(),
  pid: z.number().int().optional(),
  /** The subject of the token that began it; absent when no token was needed. */
  by: z.string().optional(),
  done: Done.optional(),
  failed: Failed.optional(),
})
export type Job = z.infer<typeof Job>

/** `lost`: its process has ended without a result. */
export type JobState = Omit<Job, 'status'> & { status: Job['status'] | 'lost' }

/** A process that has not taken its lock by then is not expected to start any more. */
const startMs = 30_000
export const jobId = /^[a-z0-9]{4,16}$/

/** Replaces the record atomically, so that readers see the old one or the new one. */
export async function writeJob(folder: string, job: Job): Promise<void> {
  const { record } = jobPaths(folder, job.id)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFile(`${record}.new`, JSON.stringify(job), { mode: 0o600 })
    await rename(`${record}.new`, record)
  } catch (cause) {
    throw new PlatformError('DATA_FOLDER_UNUSABLE', `the folder ${folder} for jobs cannot be written`, {
      hint: 'Mend its permissions, or set XDG_STATE_HOME to another folder.',
      cause,
    })
  }
}

export const noJob = (id: string): PlatformError =>
  new PlatformError('NOT_FOUND', `there is no job ${id.slice(0, 20)}`, {
    hint: 'job with action list shows them; old ones are removed.',
  })

/** @throws NOT_FOUND */
export async function readJob(
  folder: string,
  id: string,
  locked: (path: string) => boolean = isLocked,
): Promise<JobState> {
  if (!jobId.test(id)) throw noJob(id)
  const files = jobPaths(folder, id)
  const job = await readRecord(files.record)
  if (job === undefined) throw noJob(id)
  if (isOver(job) || locked(files.lock)) return job
  // The job may have begun or ended since its record was read, so the lock is only meaningful if the record is
  // unchanged.
  const later = (await readRecord(files.record)) ?? job
  if (later.status !== job.status) return readJob(folder, id, locked)
  const young = job.status === 'starting' && Date.now() - Date.parse(job.started_at) < startMs
  return young ? job : { ...job, status: 'lost' }
}

const isOver = ({ status }: Job): boolean => status !== 'starting' && status !== 'running'

async function readRecord(file: string): Promise<Job | undefined> {
  try {
    return Job.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  }
}

/** All jobs, newest first. */
export async function listJobs(folder: string): Promise<JobState[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const ids = names.filter(name => name.endsWith('.json')).map(name => name.slice(0, -5))
  const jobs = await Promise.all(
    ids.map(async id =>
      readJob(folder, id).catch((error: unknown) => {
        // Another server may have removed an old job meanwhile.
        if (error instanceof PlatformError && error.code === 'NOT_FOUND') return undefined
        throw error
      }),
    ),
  )
  return jobs.filter(job => job !== undefined).toSorted((one, other) => other.started_at.localeCompare(one.started_at))
}

/** The last log lines of a job, oldest first. */
export async function jobLog(folder: string, id: string): Promise<string[]> {
  const text = await readFile(jobPaths(folder, id).log, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text.split('\n').filter(line => line !== '')
}
