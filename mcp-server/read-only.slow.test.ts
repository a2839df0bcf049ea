import { createHash } from 'node:crypto'
import { cp, readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Platform, startPlatform } from '../host/assemble.ts'
import { differingTables, type Fingerprint, fingerprintOf } from '../platform/history/fingerprint.ts'
import { openControlSocket } from '../platform/owner/control-socket.ts'
import { takeDataFolder, writeRunning } from '../platform/owner/data-folder.ts'
import { controlHandler, loadScript, runScript, scriptIds } from '../skills/registry.ts'
import { parityCases } from '../skills/test-parity-cases.ts'
import { openProbe } from '../verify/check.ts'
import { root, throwawayConfig } from '../verify/test-platform.ts'
import { connect, type Connection, scratch } from './fixture/client.ts'

const place = scratch()
const made = { request: '', backup: '', code: '', quiz: '' }
const cases = parityCases({ folder: place.folder, restored: place.folder, tree: place.folder, made })
const config = throwawayConfig({
  LEARNFLOW_DATA_DIR: place.data,
  LEARNFLOW_HTTP_PORT: 0,
  LEARNFLOW_SANDBOX_PROCESSES: 1,
})
const running = new AsyncDisposableStack()
let platform: Platform
let reader: Connection

beforeAll(async () => {
  vi.stubEnv('XDG_STATE_HOME', place.env.XDG_STATE_HOME)
  const data = running.use(await takeDataFolder(place.data))
  platform = running.use(
    await startPlatform(config, data, { version: '0.0.0', onBroken: error => expect(error).toBeUndefined() }),
  )
  running.use(
    await openControlSocket(
      place.data,
      controlHandler({ config, ports: { ...platform.ports, agents: platform.agents } }),
    ),
  )
  const started_at = new Date().toISOString()
  await writeRunning(place.data, {
    pid: process.pid,
    url: platform.url,
    target: 'embedded',
    version: '0.0.0',
    started_at,
  })
  await cp(join(root, 'exercises', 'bank', 'square'), join(place.folder, 'square'), { recursive: true })
  const client = (await openProbe(place.data, config)).client({ student: 'ann' })
  made.request = (await client.submit('square', 'def square(n): return n * n', 'read-only')).request_id
  await client.ended(made.request)
  await vi.waitUntil(async () => (await client.mastery('ann')).modules.some(({ source }) => source === 'state'), 60_000)
  // The API keeps who has called as staff, once.
  await runScript('rosters/list', { class: 'c1' }, { config })
  reader = await connect(place, { command: join(root, 'bin', 'learnflow.ts'), args: ['mcp', '--read-only'] })
})
afterAll(async () => {
  await reader?.[Symbol.asyncDispose]()
  await running.disposeAsync()
  place.remove()
  vi.unstubAllEnvs()
})

interface Everything {
  /** History, log and state are tables of one database here. */
  tables: Fingerprint
  topics: unknown
  files: Record<string, string>
}

/** Not what the database writes for itself, nor the log of the requests. */
const isOurs = (path: string): boolean => !/^(?:data\/pg\/|data\/.*\.log|state\/)/.test(path)

async function everything(): Promise<Everything> {
  const names = await readdir(place.folder, { recursive: true, withFileTypes: true })
  const paths = names.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  const ours = paths.filter(path => isOurs(relative(place.folder, path)))
  const files = await Promise.all(
    ours.map(
      async path =>
        [
          path,
          createHash('sha256')
            .update(await readFile(path))
            .digest('hex'),
        ] as const,
    ),
  )
  const { history, log } = platform.ports
  return { tables: await fingerprintOf(history.db), topics: await log.topics(), files: Object.fromEntries(files) }
}

/** What is not the same in both: tables, topics, files. */
const differences = (one: Everything, other: Everything): string[] => [
  ...differingTables(one.tables, other.tables),
  ...(JSON.stringify(one.topics) === JSON.stringify(other.topics) ? [] : ['topics']),
  ...[...new Set([...Object.keys(one.files), ...Object.keys(other.files)])].filter(
    file => one.files[file] !== other.files[file],
  ),
]

test('a server that only reads reaches no operation that writes into a store, a topic or a file', async () => {
  let before = await everything()
  const reached: string[] = []
  const wrote: Record<string, string[]> = {}
  for (const op of scriptIds()) {
    const { structured } = await reader.call('read', { op, args: cases[op]?.args?.() ?? {} })
    if (structured['code'] === 'FORBIDDEN') continue
    reached.push(op)
    for (let job = structured['job']; job !== undefined;)
      job = (await reader.call('job', { action: 'wait', id: job, seconds: 45 })).structured['job']
    const after = await everything()
    const differ = differences(before, after)
    if (differ.length > 0) wrote[op] = differ
    before = after
  }
  expect(wrote).toEqual({})
  const reads = await Promise.all(scriptIds().map(async op => ({ op, effect: (await loadScript(op)).effect })))
  expect(reached).toEqual(reads.filter(({ effect }) => effect === 'reads').map(({ op }) => op))
})

test('what measures by writing is seen by that comparison, and refused by tool, program and find', async () => {
  const before = await everything()
  // On a busy machine it says that grading takes too long, after it has written.
  await runScript('latency-verify/grading', { count: 10 }, { config }).catch((error: unknown) =>
    expect(error).toMatchObject({ code: 'CHECK_FAILED' }),
  )
  expect(differences(before, await everything())).toEqual(expect.arrayContaining(['submission', 'grade']))
  const op = 'platform-verify/all'
  for (const said of [
    await reader.call('read', { op }),
    await reader.call('find', { words: op }),
    await reader.call('code', { js: `return await lf.read("${op}")` }),
  ])
    expect(said, JSON.stringify(said)).toMatchObject({
      failed: true,
      structured: { code: expect.stringMatching(/FORBIDDEN|INVALID_INPUT/) },
    })
  expect((await reader.call('find')).text).not.toMatch(/platform-verify|grading/)
})
