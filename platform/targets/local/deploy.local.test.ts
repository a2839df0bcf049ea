import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { startEngine } from '../../engines/engine.ts'
import { freePorts } from '../../engines/ports.ts'
import { postgresEngine, postgresUrl } from '../../engines/postgres.ts'
import { startChild } from '../../engines/program.ts'
import { onEngines } from '../../engines/test-local.ts'
import { openSupervisor } from '../../open.ts'
import { deployEngine, stopAll } from './deploy.ts'

/** PostgreSQL gets so long to stop; one that waits for its clients to leave would be killed then. */
const graceMs = 60_000

/** A PostgreSQL that is not started yet, in a folder of its own. */
async function unstarted() {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-deploy-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  // PostgreSQL may have to run as another user.
  await chmod(folder, 0o711)
  const [port = 0] = await freePorts(1)
  const options = { folder: join(folder, 'postgres'), port, password: 'only for this test' }
  return { folder, url: postgresUrl(options), engine: await postgresEngine(options) }
}

/** A client that stays until the server ends its connection; `lost` says why it did. */
async function connectClient(url: string): Promise<{ lost: Promise<string> }> {
  const client = new Client({ connectionString: url })
  // It reports the server's reason, then the closed connection; the first one counts.
  const lost = new Promise<string>(resolve => client.on('error', error => resolve(error.message)))
  await client.connect()
  return { lost }
}

onEngines(() => {
  test('PostgreSQL under a supervisor disconnects its clients when it is stopped, and ends by itself', async () => {
    const { folder, url, engine } = await unstarted()
    const supervisor = openSupervisor(join(folder, 'processes'))
    onTestFinished(async () => void (await supervisor.stop('postgres', 0)))
    expect(await deployEngine(engine, supervisor)).toEqual(['postgres'])
    const { lost } = await connectClient(url)
    expect(await stopAll(['postgres'], supervisor, graceMs)).toEqual(['postgres'])
    expect(await lost).toContain('due to administrator command')
    expect((await supervisor.status('postgres')).last_exit).toMatchObject({ code: 0, signal: null })
  })

  test('PostgreSQL as a child does the same', async () => {
    const { url, engine } = await unstarted()
    await using started = await startEngine(engine, startChild)
    const { lost } = await connectClient(url)
    await started.processes.get('postgres')?.stop(graceMs)
    expect(await lost).toContain('due to administrator command')
  })
})
