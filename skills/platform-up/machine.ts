import { readFile, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import * as z from 'zod'
import type { Config } from '../../platform/config.ts'
import { dataPaths } from '../../platform/owner/data-folder.ts'
import { nearestFolder, unwritable } from '../../platform/owner/folder-place.ts'
import type { Code } from '../../platform/errors.ts'
import type { FoundEngine } from '../../platform/engines/find.ts'
import { isLocked } from '../../platform/owner/lock.ts'
import { openInterpreters } from '../../platform/open.ts'
import { readInstalled } from './installed.ts'
import type { Trouble } from '../../platform/targets/trouble.ts'
import type { Found } from '../../platform/targets/running.ts'

/** The result of checking one thing on this machine that the platform needs. */
export interface MachineFinding {
  name: string
  ok: boolean
  measured: string
  /** Its part of the one-line success message; empty when it is not worth mentioning. */
  brief: string
  code: Code
  hint: string
}

const keySetMs = 2_000
const minNode = [24, 11] as const

export async function node(): Promise<MachineFinding> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const ok = major > minNode[0] || (major === minNode[0] && minor >= minNode[1])
  return {
    name: 'node',
    ok,
    measured: process.versions.node,
    brief: `node ${process.versions.node}`,
    code: 'NOT_RUNNING',
    hint: `Use Node ${minNode.join('.')} or newer; npm start fetches one.`,
  }
}

export async function disk({
  LEARNFLOW_DATA_DIR: folder,
  LEARNFLOW_MIN_FREE_MB: minFreeMb,
}: Config): Promise<MachineFinding> {
  const finding = {
    name: 'disk',
    hint: 'Free some space, mend the permissions, or choose another folder with --data DIR.',
  }
  const why = await unwritable(folder)
  if (why !== undefined) return { ...finding, ok: false, measured: why, brief: '', code: 'DATA_FOLDER_UNUSABLE' }
  const place = await nearestFolder(folder)
  const { bavail, bsize } = await statfs(place)
  const megabytes = (bavail * bsize) / 2 ** 20
  return {
    ...finding,
    ok: megabytes >= minFreeMb,
    measured: `${megabytes.toFixed(0)} MB free`,
    brief: `${(megabytes / 1_024).toFixed(1)} GB free`,
    code: 'STORAGE_FULL',
  }
}

export async function lockState(folder: string, found: Found | undefined): Promise<MachineFinding> {
  const taken = found === undefined && isLocked(dataPaths(folder).lock)
  const measured =
    found === undefined
      ? taken
        ? `${folder} is held by a process that does not say where it answers`
        : 'free'
      : `pid ${found.running.pid}`
  return {
    name: 'folder',
    ok: !taken,
    measured,
    brief: found === undefined ? 'folder free' : '',
    code: 'DATA_FOLDER_IN_USE',
    hint: 'Wait until it is up (learnflow status), or stop that process.',
  }
}

export async function door(
  { LEARNFLOW_HTTP_HOST: host, LEARNFLOW_HTTP_PORT: port }: Config,
  found: Found | undefined,
): Promise<MachineFinding> {
  if (found !== undefined) {
    const { running, health } = found
    const word = health?.status ?? 'no answer'
    return {
      name: 'platform',
      ok: word === 'ready',
      measured: `${word} at ${running.url}`,
      brief: `platform ${word}`,
      code: health === undefined ? 'DEPENDENCY_DOWN' : 'CHECK_FAILED',
      hint: health === undefined ? 'learnflow down, then learnflow up' : 'learnflow logs',
    }
  }
  const error = await listenOnce(host, port)
  return {
    name: 'port',
    ok: error === undefined,
    brief: `port ${port} free`,
    measured: `${port} ${error === undefined ? 'free' : `cannot be taken (${error})`}`,
    code: 'PORT_IN_USE',
    hint: 'learnflow up --port 0 takes a free one.',
  }
}

async function listenOnce(host: string, port: number): Promise<string | undefined> {
  const server = createServer()
  const error = await new Promise<string | undefined>(resolve => {
    server.once('error', (failure: NodeJS.ErrnoException) => resolve(failure.code ?? failure.message))
    server.listen(port, host, () => resolve(undefined))
  })
  if (error === undefined) await new Promise(resolve => server.close(resolve))
  return error
}

export async function versions(found: Found | undefined): Promise<MachineFinding> {
  const file = join(import.meta.dirname, '..', '..', 'package.json')
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(file, 'utf8')))
  const installed = await readInstalled()
  const others = [
    ...(found === undefined || found.running.version === version
      ? []
      : [`the platform that runs is ${found.running.version}`]),
    ...(installed === undefined || installed.version === version
      ? []
      : [`the skills of ${installed.hosts.join(', ')} are ${installed.version}`]),
  ]
  const runsOther = found !== undefined && found.running.version !== version
  return {
    name: 'learnflow',
    ok: others.length === 0,
    brief: version,
    measured: [version, ...others].join(', '),
    code: 'CHECK_FAILED',
    hint: runsOther ? 'learnflow down, then learnflow up' : 'learnflow install',
  }
}

export async function sandbox(config: Config): Promise<MachineFinding> {
  const finding = {
    name: 'sandbox',
    brief: 'sandbox runs',
    code: 'SANDBOX_CRASHED',
    hint: 'Reinstall the packages: npm ci.',
  } as const
  try {
    await using interpreters = await openInterpreters({ ...config, LEARNFLOW_SANDBOX_PROCESSES: 1 })
    const { stdout } = await interpreters.run({ code: 'print(6 * 7)', trusted: true })
    return {
      ...finding,
      ok: stdout === '42\n',
      measured: stdout === '42\n' ? 'runs Python' : `printed ${JSON.stringify(stdout.slice(0, 40))}`,
    }
  } catch (error) {
    return { ...finding, ok: false, measured: error instanceof Error ? error.message.slice(0, 120) : String(error) }
  }
}

/** Whether the identity provider's keys can be had, when they are set by address; undefined otherwise. */
export async function keySet({ LEARNFLOW_JWT_JWKS_URL: url }: Config): Promise<MachineFinding | undefined> {
  if (url === undefined) return undefined
  const read = async (): Promise<number> => {
    const reply = await fetch(url, { signal: AbortSignal.timeout(keySetMs) })
    return z.object({ keys: z.array(z.object({ kty: z.string() })).min(1) }).parse(await reply.json()).keys.length
  }
  const keys = await read().catch(() => 0)
  return {
    name: 'keys',
    ok: keys > 0,
    measured: keys > 0 ? `${keys} keys at ${url}` : `no key set at ${url}`,
    brief: `${keys} keys`,
    code: 'DEPENDENCY_DOWN',
    hint: 'Correct LEARNFLOW_JWT_JWKS_URL; the identity provider names it as jwks_uri.',
  }
}

/** An engine that the target needs: its version, or the one command that installs it. */
export const engine = ({ name, path, version, install }: FoundEngine): MachineFinding => ({
  name,
  ok: path !== undefined,
  measured: path === undefined ? `missing (${install})` : `${version ?? 'of unknown version'} at ${path}`,
  brief: `${name} ${version ?? '?'}`,
  code: 'NOT_RUNNING',
  hint: install,
})

/** What keeps the target from starting on the folder. */
export const obstacle = ({ cause, evidence, code, fix }: Trouble): MachineFinding => ({
  name: 'folder',
  ok: false,
  measured: `${cause}: ${evidence}`,
  brief: '',
  code,
  hint: fix,
})
