import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isLocked, takeLock } from '../platform/owner/lock.ts'
import { jobPaths } from '../platform/owner/job-records.ts'
import { readJob, writeJob } from './job-file.ts'

const job = {
  id: 'job1',
  op: 'demo/say',
  effect: 'reads',
  status: 'starting',
  started_at: new Date().toISOString(),
} as const

async function jobFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-jobs-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  await writeJob(folder, job)
  return folder
}

test('a job that begins just after its lock was looked at does not pass for lost', async () => {
  const folder = await jobFolder()
  const { record, lock } = jobPaths(folder, job.id)
  let held: Disposable | undefined
  const beginsAfterwards = (path: string): boolean => {
    const answer = isLocked(path)
    if (held === undefined) {
      held = takeLock(lock, 1_000)
      writeFileSync(record, JSON.stringify({ ...job, status: 'running' }))
    }
    return answer
  }
  expect(await readJob(folder, job.id, beginsAfterwards)).toMatchObject({ status: 'running' })
  held?.[Symbol.dispose]()
  expect(await readJob(folder, job.id)).toMatchObject({ status: 'lost' })
})

test('a job that has not begun may still do so, and later not', async () => {
  const folder = await jobFolder()
  expect(await readJob(folder, job.id)).toMatchObject({ status: 'starting' })
  await writeJob(folder, { ...job, started_at: new Date(Date.now() - 60_000).toISOString() })
  expect(await readJob(folder, job.id)).toMatchObject({ status: 'lost' })
})
