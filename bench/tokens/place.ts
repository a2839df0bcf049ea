import { execa } from 'execa'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { randomUUID } from 'node:crypto'
import { extname, join } from 'node:path'
import * as z from 'zod'
import { searchPath } from '../../platform/config.ts'
import { readRunning, readSecret } from '../../platform/owner/data-folder.ts'
import { freePorts } from '../../platform/engines/ports.ts'
import { PlatformError } from '../../platform/errors.ts'
import { signToken } from '../../api/tokens.ts'
import { openProbe, type Probe } from '../../verify/check.ts'
import { damageDatabase } from '../../verify/fault.ts'
import { root, startTestPlatform, temporaryFolder, throwawayConfig } from '../../verify/test-platform.ts'

const entry = join(root, 'bin', `learnflow${extname(import.meta.filename)}`)
export const right = 'def square(n):\n    return n * n\n'
export const student = 'ann'

/** A working folder with its own embedded platform that may be broken; all of it is removed on disposal. */
export interface Place extends AsyncDisposable {
  folder: string
  data: string
  /** The API's port by its settings file. */
  port: number
  settings: string
  /** Starts it in the background under its supervisor, as `learnflow up` does. */
  up(): Promise<void>
  down(): Promise<void>
  /** Starts it as `npm start` does, without a supervisor. */
  start(): Promise<{ pid: number; url: string }>
  operate(...command: string[]): Promise<void>
  damage(statements: readonly string[]): Promise<void>
  probe(): Promise<Probe>
  /** The process of the platform, and its supervisor if it has one. */
  pids(): Promise<{ platform: number; watcher: number | undefined }>
  /** Submits a right program and returns the id of its request. */
  submit(): Promise<string>
  /** A student's token, as the plain route needs it. */
  token(): Promise<string>
  /** Occupies the port until the place is disposed. */
  occupy(): Promise<void>
}

const settingsOf = (port: number): string => `http_port: ${port}\nsandbox_processes: 1\n`

/** Starts with a copy of the data folder `template`, if given. */
export async function openPlace(template?: string): Promise<Place> {
  await using stack = new AsyncDisposableStack()
  const { path: folder } = stack.use(await temporaryFolder())
  const data = join(folder, 'data')
  const [port = 0] = await freePorts(1)
  const settings = join(folder, 'learnflow.yaml')
  await writeFile(settings, settingsOf(port))
  if (template === undefined) await mkdir(data)
  else await cp(template, data, { recursive: true })
  const issuer = throwawayConfig().LEARNFLOW_JWT_ISSUER
  const env = { PATH: searchPath(), HOME: folder, XDG_STATE_HOME: join(folder, 'state'), LEARNFLOW_DATA_DIR: data }
  const operate = async (...command: string[]): Promise<void> =>
    void (await execa(process.execPath, [entry, ...command], {
      cwd: folder,
      env,
      extendEnv: false,
      stdin: 'ignore',
    }))
  // Ends everything that runs on the folder, whatever was broken.
  stack.defer(async () => {
    await writeFile(settings, settingsOf(port))
    await operate('down')
  })
  const probe = async (): Promise<Probe> => openProbe(data, throwawayConfig())
  const owned = stack.move()
  return {
    folder,
    data,
    port,
    settings,
    up: async () => operate('up'),
    down: async () => operate('down'),
    async start() {
      const platform = await startTestPlatform({ folder: data, settings: { LEARNFLOW_LOG_LEVEL: 'info' } })
      owned.use(platform)
      return { pid: platform.pid, url: platform.url }
    },
    operate,
    damage: async statements => damageDatabase(data, statements),
    probe,
    async pids() {
      const running = await readRunning(data)
      if (running === undefined)
        throw new PlatformError('NOT_RUNNING', `no platform runs on ${data}`, { hint: 'learnflow up' })
      const { watcher } = z
        .object({ watcher: z.number().int().optional() })
        .parse(JSON.parse(await readFile(join(data, 'platform.state.json'), 'utf8')))
      return { platform: running.pid, watcher }
    },
    async submit() {
      const client = (await probe()).client({ student })
      return (await client.submit('square', right, randomUUID())).request_id
    },
    token: async () => signToken(await readSecret(data), issuer, { student }),
    async occupy() {
      const server = createServer()
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
      owned.defer(async () => new Promise(resolve => server.close(() => resolve())))
    },
    [Symbol.asyncDispose]: async () => owned.disposeAsync(),
  }
}

/** A migrated data folder with grades and mastery of some students. The caller disposes the place that holds it. */
export async function openTemplate(): Promise<Place> {
  const place = await openPlace()
  try {
    await place.up()
    const probe = await place.probe()
    for (const name of [student, 'ben', 'cleo']) {
      const client = probe.client({ student: name })
      await client.ended((await client.submit('square', right, randomUUID())).request_id)
    }
    await place.down()
    return place
  } catch (error) {
    await place[Symbol.asyncDispose]()
    throw error
  }
}

/** Whether the platform works: a right program that is submitted now is graded as passed. */
export async function grades(place: Place): Promise<boolean> {
  const probe = await place.probe()
  const client = probe.client({ student })
  return (await client.ended(await place.submit())).grade?.verdict === 'passed'
}
