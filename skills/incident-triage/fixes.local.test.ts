import { cp, mkdir, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { brokerData } from '../../platform/engines/kafka-identity.ts'
import { postgresUrl } from '../../platform/engines/postgres.ts'
import { onEngines } from '../../platform/engines/test-local.ts'
import { localSupervisor } from '../../platform/targets/local/home.ts'
import { localPaths } from '../../platform/targets/local/layout.ts'
import { learningEvents } from '../../schemas/topics.ts'
import { type LocalTestPlatform, startLocalTestPlatform } from '../../verify/test-platform-local.ts'
import { topicSettings } from '../../verify/topic-settings.ts'
import { operateHere } from '../registry.ts'

const entry = join(import.meta.dirname, '..', '..', 'bin', 'learnflow.ts')
const right = 'def square(n): return n * n'
const patient = { timeout: 60_000, interval: 1_000 }
/** What a full disk has left. */
const leftBytes = 4_000_000

/** Takes every connection that it can get, and keeps them. */
const hog = `
  const { Client } = await import('pg')
  for (;;) {
    const client = new Client({ connectionString: process.argv[1] })
    client.on('error', () => {})
    await client.connect().catch(() => new Promise(resolve => setTimeout(resolve, 200)))
  }`

onEngines(() => {
  let platform: LocalTestPlatform
  beforeAll(async () => {
    platform = await startLocalTestPlatform({ operateOn: operateHere })
  })
  afterAll(async () => platform?.[Symbol.asyncDispose]())

  const url = (): string => postgresUrl({ folder: '', ...platform.topology.postgres })
  const learnflow = async (...args: string[]) =>
    execa(process.execPath, [entry, ...args, '--data', platform.folder], {
      env: platform.env,
      reject: false,
      all: true,
    })
  const pidOf = async (name: string): Promise<number> => (await localSupervisor(platform.folder).status(name)).pid ?? 0

  /** Both commands name the trouble; returns the fix that the diagnosis prints. */
  async function named(trouble: RegExp): Promise<string> {
    let fix = ''
    await vi.waitFor(async () => {
      const { stderr } = await learnflow('incident-triage', 'diagnose')
      expect(stderr).toMatch(trouble)
      fix = stderr.trim().split('\n').at(-1) ?? ''
      expect((await learnflow('status')).stderr).not.toBe('')
    }, patient)
    return fix
  }

  /** Runs the commands of a fix as a person types them; what stands in brackets is said to the person. */
  const apply = async (fix: string): Promise<void> => {
    const commands = fix.replaceAll(/\s*\([^)]*\)|:? .*by itself$/g, '').replaceAll('; then ', '; ')
    const own = `learnflow() { '${process.execPath}' '${entry}' "$@" --data '${platform.folder}'; }`
    await execa('sh', ['-c', `${own}; ${commands}`], { env: platform.env })
  }

  const well = async (): Promise<void> =>
    vi.waitFor(async () => {
      expect((await learnflow('incident-triage', 'diagnose')).all).toMatch(/nothing wrong/)
      expect((await learnflow('status')).all).toMatch(/ready,/)
    }, patient)

  /** A program that is handed in gets its grade. */
  const grades = async (): Promise<void> => {
    const client = platform.probe.client({ student: platform.probe.newStudent() })
    const { request_id: id } = await client.submit('square', right, 'after-the-fix')
    expect(await client.ended(id, 60_000)).toMatchObject({ status: 'done' })
  }

  async function mended(trouble: RegExp, command: RegExp): Promise<void> {
    const fix = await named(trouble)
    expect(fix).toMatch(command)
    await apply(fix)
    await well()
    await grades()
  }

  test('a topic is gone', async () => {
    await topicSettings(platform.topology).drop(learningEvents)
    await mended(/topics are missing/, /^learnflow kafka-topics create/)
  })

  /** A program is handed in, and its event cannot be published. */
  const handInUnpublished = async (nr: number): Promise<void> => {
    const client = platform.probe.client({ student: platform.probe.newStudent() })
    await client.submit('square', right, `unpublished-${nr}`)
  }

  test('a topic takes no message, so that nothing is published', async () => {
    await topicSettings(platform.topology).change(learningEvents, { 'max.message.bytes': 1 })
    await handInUnpublished(1)
    await named(/events are not published/)
    await mended(
      /topics are missing or wrong \(learning.events has max_message_bytes 1/,
      /^learnflow kafka-topics create/,
    )
  })

  test('the pub/sub component of the sidecars is broken, so that nothing is published', async () => {
    const sidecars = localPaths(platform.folder).sidecars
    const copy = (await readdir(sidecars)).find(name => name.startsWith('resources-')) ?? ''
    const file = join(sidecars, copy, 'components', 'events.yaml')
    const text = await readFile(file, 'utf8')
    const limit = `  metadata:\n    - name: maxMessageBytes\n      value: '1'\n    - name: brokers`
    await writeFile(file, text.replace('  metadata:\n    - name: brokers', limit))
    for (const { name } of platform.topology.members) process.kill(await pidOf(`daprd-${name}`), 'SIGKILL')
    await handInUnpublished(2)
    await named(/events are not published/)
    await mended(/files of the sidecars .*events\.yaml was changed/, /^learnflow dapr-runtime deploy$/)
  })

  const data = (): string => brokerData(localPaths(platform.folder).engine('kafka'), 'kafka-3')
  /** Does this to the data of a broker while it is down. */
  const whileDown = async (harm: () => Promise<void>): Promise<void> => {
    await using _down = await platform.holdDown(['kafka-3'])
    await harm()
  }

  test('a broker ends again and again, because it cannot read whose data it has', async () => {
    await whileDown(async () => writeFile(join(data(), 'meta.properties'), 'node.id=7\n'))
    await mended(/the data of kafka-3 does not say whose it is/, /^learnflow kafka-deploy deploy$/)
  })

  test('a broker runs with the data of another cluster and joins nobody', async () => {
    const file = join(data(), 'meta.properties')
    const text = await readFile(file, 'utf8')
    await whileDown(async () => writeFile(file, text.replace(/^cluster\.id=.*$/m, 'cluster.id=AAAAAAAAAAAAAAAAAAAAAA')))
    await mended(/kafka-3.*meta\.properties has cluster\.id AAAA/, /^learnflow kafka-deploy deploy$/)
  })

  test('a broker ends again and again over its data', async () => {
    await whileDown(async () => {
      await rm(join(data(), '__cluster_metadata-0'), { recursive: true })
      await writeFile(join(data(), '__cluster_metadata-0'), '')
    })
    await named(/kafka-3 ends again and again/)
    await mended(/kafka-3 crash_loop.*its log: /, /^mv \S+kafka-3\/data \S+; then learnflow kafka-deploy deploy$/)
  })

  test('a table is locked by another session', async () => {
    const other = new Client({ connectionString: url(), application_name: 'someone' })
    other.on('error', () => {})
    onTestFinished(async () => other.end().catch(() => {}))
    await other.connect()
    await other.query('begin')
    await other.query('lock table submission in access exclusive mode')
    const client = platform.probe.client({ student: platform.probe.newStudent() })
    const waits = client.submit('square', right, 'locked-out').catch(() => undefined)
    await mended(/a session of the database locks submission \(someone, idle in transaction/, /^kill \d+/)
    await waits
  })

  test('all connections of the database are used', async () => {
    const greedy = execa(process.execPath, ['--input-type=module', '--eval', hog, url()], {
      cwd: join(entry, '..', '..'),
      reject: false,
    })
    onTestFinished(() => void greedy.kill())
    await mended(/all connections of PostgreSQL are used \(process \d+ holds/, new RegExp(`^kill ${greedy.pid}$`))
    await greedy
  })

  test('a component file of the sidecars is missing', async () => {
    const sidecars = localPaths(platform.folder).sidecars
    const copy = (await readdir(sidecars)).find(name => name.startsWith('resources-')) ?? ''
    await rm(join(sidecars, copy, 'components', 'state.yaml'))
    await mended(/files of the sidecars .*state\.yaml is missing/, /^learnflow dapr-runtime deploy$/)
  })

  test('the disk of a broker is full', async () => {
    const home = join(localPaths(platform.folder).engine('kafka'), 'kafka-3')
    const kept = `${home}.kept`
    const supervisor = localSupervisor(platform.folder)
    await supervisor.stop('kafka-3', 20_000)
    await rename(home, kept)
    await mkdir(home)
    const disk = await execa('mount', ['-t', 'tmpfs', '-o', 'size=256m', 'tmpfs', home], { reject: false })
    const back = async (): Promise<void> => {
      await supervisor.stop('kafka-3', 20_000)
      if (disk.exitCode === 0) await execa('umount', ['-l', home])
      await rm(home, { recursive: true })
      await rename(kept, home)
      await learnflow('kafka-deploy', 'deploy')
    }
    onTestFinished(back)
    // A disk of its own needs the right to mount one.
    if (disk.exitCode !== 0) return
    // What the repairs of before have put aside stays where it is.
    await cp(kept, home, { recursive: true, filter: path => !/\/data\.\d+$/.test(path) })
    const { bavail, bsize } = await statfs(home)
    await writeFile(join(home, 'ballast'), Buffer.alloc(bavail * bsize - leftBytes))
    await execa(process.execPath, [entry, 'kafka-deploy', 'deploy', '--data', platform.folder], {
      env: platform.env,
      reject: false,
    })
    const fix = await named(/the disk of kafka-3 is full \(\d+ MB free in .*kafka-3/)
    expect(fix).toMatch(/^free some space on the disk of .*kafka-3/)
    await rm(join(home, 'ballast'))
    await well()
    await grades()
  })

  test('a sidecar stands still', async () => {
    process.kill(await pidOf('daprd-exercise-1'), 'SIGSTOP')
    await mended(/daprd-exercise-1 stands still/, /^kill -CONT \d+$/)
  })
})
