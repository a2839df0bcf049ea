import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../config.ts'
import { onEngines } from '../../engines/test-local.ts'
import { localPaths, type Topology } from './layout.ts'
import { ensureTopology } from './topology.ts'

const entry = join(import.meta.dirname, '..', '..', '..', 'bin', 'learnflow.ts')

/** The command lines of this machine's processes that name `folder`. */
async function commandsNaming(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const commands = await Promise.all(pids.map(async pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return commands.filter(command => command.includes(folder))
}

async function occupy(port: number): Promise<void> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
}

/** What makes one step of `up` fail, in the order of the steps. */
const obstacles: Record<string, (topology: Topology, folder: string) => Promise<void>> = {
  'a port of an engine is taken': async ({ kafka }) => occupy(kafka[1]?.port ?? 0),
  'the database is no database': async (_, folder) => {
    const data = join(localPaths(folder).engine('postgres'), 'data')
    await mkdir(data, { recursive: true })
    await writeFile(join(data, 'something'), '')
  },
  'the port of an API is taken': async ({ members }) => occupy(members.find(({ role }) => role === 'api')?.port ?? 0),
  'a sidecar cannot listen': async ({ members }) => occupy(members.at(-1)?.sidecar.http ?? 0),
}

onEngines(() => {
  let place = ''
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'learnflow-up-'))
    await execa('chmod', ['711', place])
  })
  afterEach(async () => {
    await learnflow('down', '--grace-seconds', '5')
    await rm(place, { recursive: true, force: true })
  })
  const folder = (): string => join(place, 'data')
  const learnflow = async (...args: string[]) =>
    execa(process.execPath, [entry, ...args, '--data', folder()], {
      env: { LEARNFLOW_LOCAL_PORTS: '0', XDG_STATE_HOME: join(place, 'state') },
      reject: false,
    })

  test.each(Object.keys(obstacles))('up takes down what it started when %s', async name => {
    const config = readConfig({ LEARNFLOW_DATA_DIR: folder(), LEARNFLOW_LOCAL_PORTS: 0, LEARNFLOW_HTTP_PORT: 0 }, {})
    await obstacles[name]?.(await ensureTopology(config, true), folder())
    const up = await learnflow('up', '--target', 'local', '--port', '0')
    expect(up.exitCode, up.stderr).not.toBe(0)
    expect(up.stderr).not.toContain('INTERNAL')
    expect((await learnflow('status')).stderr).toMatch(/^NOT_RUNNING/)
    await expect.poll(async () => commandsNaming(folder())).toEqual([])
  })

  test.runIf(process.getuid?.() === 0)('as root a folder that PostgreSQL cannot reach is refused at once', async () => {
    const closed = join(place, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const data = join(closed, 'a', 'data')
    for (const args of [
      ['up', '--target', 'local', '--data', data],
      ['doctor', '--target', 'local', '--data', data],
    ]) {
      const { stderr, exitCode } = await execa(process.execPath, [entry, ...args], { reject: false })
      expect({ stderr, exitCode }).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining(`${closed} is closed`),
      })
      expect(stderr).toMatch(/chmod o\+x .*closed|--data \/var\/lib\/learnflow/)
    }
    expect(await readdir(closed)).toEqual([])
  })
})
