import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { scratch } from './fixture/client.ts'
import { openJobs } from './jobs.ts'

test('a runner that ended while it was spare gets no job', async () => {
  const place = scratch()
  vi.stubEnv('XDG_STATE_HOME', place.env.XDG_STATE_HOME)
  const runners: ChildProcess[] = []
  const onSpawn = (message: unknown): void => void runners.push((message as { process: ChildProcess }).process)
  subscribe('child_process', onSpawn)
  onTestFinished(async () => {
    unsubscribe('child_process', onSpawn)
    vi.unstubAllEnvs()
    await Promise.all(runners.map(end))
    place.remove()
  })
  const config = readConfig({ LEARNFLOW_DATA_DIR: place.data }, {}, place.folder)
  const jobs = openJobs(config)
  const { signal } = new AbortController()
  const task = {
    config,
    home: place.data,
    root: join(import.meta.dirname, 'fixture'),
    program: { code: 'return 1', allow: [] },
  }
  const run = async () => jobs.wait(await jobs.start('code', 'reads', task, 1_000, signal), 20_000, signal)
  expect(await run()).toMatchObject({ status: 'done' })
  await Promise.all(runners.map(end))
  expect(await run()).toMatchObject({ status: 'done' })
}, 30_000)

async function end(runner: ChildProcess): Promise<void> {
  if (runner.exitCode !== null || runner.signalCode !== null) return
  const ended = once(runner, 'exit')
  runner.ref()
  runner.kill('SIGKILL')
  await ended
}
