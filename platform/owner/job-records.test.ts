import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { jobPaths, jobsFolder, removeEndedJobs } from './job-records.ts'
import { takeLock } from './lock.ts'

test('what is kept of ended jobs goes, a running one stays', async () => {
  const home = await mkdtemp(join(tmpdir(), 'learnflow-jobs-'))
  onTestFinished(async () => rm(home, { recursive: true, force: true }))
  vi.stubEnv('XDG_STATE_HOME', home)
  onTestFinished(() => void vi.unstubAllEnvs())
  const folder = jobsFolder('/data')
  await mkdir(folder, { recursive: true })
  for (const id of ['ended', 'runs', 'young'])
    for (const file of [jobPaths(folder, id).record, jobPaths(folder, id).log]) await writeFile(file, '{}')
  const hourAgo = new Date(Date.now() - 3_600_000)
  for (const id of ['ended', 'runs']) await utimes(jobPaths(folder, id).record, hourAgo, hourAgo)
  using _lock = takeLock(jobPaths(folder, 'runs').lock, 1_000)
  expect(await removeEndedJobs('/data')).toBe(1)
  const left = (await readdir(folder)).map(name => name.split('.')[0])
  expect([...new Set(left)].toSorted((one = '', other = '') => one.localeCompare(other))).toEqual(['runs', 'young'])
  expect(await removeEndedJobs('/other')).toBe(0)
})
