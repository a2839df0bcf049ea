import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyTree, temporaryFolder } from '../../verify/test-platform.ts'

// A target is one folder and one line, as AGENTS.md says: a trivial one, whose platform is a web server that only
// answers that it is ready, is added to a copy of the tree; every command then works on it.

let place: Awaited<ReturnType<typeof temporaryFolder>>
let tree: string
let data: string
const learnflow = async (...args: string[]) =>
  execa(process.execPath, [join(tree, 'bin', 'learnflow.ts'), ...args, '--data', data], {
    cwd: tree,
    env: { XDG_STATE_HOME: join(place.path, 'state') },
    reject: false,
    all: true,
  })

const server = `import { createServer } from 'node:http'
import { writeRunning } from '../../owner/data-folder.ts'

const [folder = ''] = process.argv.slice(2)
const ready = JSON.stringify({
  status: 'ready',
  version: '1',
  target: 'paper',
  checks: [],
  sandbox: 'none',
  fakes: ['paper'],
})
const server = createServer((_request, reply) => reply.setHeader('content-type', 'application/json').end(ready))
server.listen(0, '127.0.0.1', async () => {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  await writeRunning(folder, {
    pid: process.pid,
    url: \`http://127.0.0.1:\${port}\`,
    target: 'paper',
    version: '1',
    started_at: new Date().toISOString(),
  })
  console.log('paper listens')
})
`

const target = `import { writeFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../../errors.ts'
import { openSupervisor } from '../../open.ts'
import { dataPaths, readRunning } from '../../owner/data-folder.ts'
import { processLogs } from '../log-tail.ts'
import { demandReady, healthOf, isReady, isUp, notRunning, pollUntil } from '../running.ts'
import type { Target } from '../target.ts'

const unbuilt = async () => {
  throw new PlatformError('NOT_RUNNING', 'paper keeps nothing', { hint: 'Choose another target.' })
}
const stateOf = async (folder: string) => openSupervisor(folder).status('paper')
const present = async (folder: string) => {
  const running = await readRunning(folder)
  return running === undefined ? undefined : paper.find(folder, running)
}

export const paper: Target = {
  name: 'paper',
  oneProcess: true,
  async up({ config, dryRun, signal }, { waitSeconds }) {
    const folder = config.LEARNFLOW_DATA_DIR
    const before = await present(folder)
    if (before !== undefined) return { found: before, started: 0, plan: [] }
    if (dryRun) return { found: undefined, started: 1, plan: ['start paper'] }
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'paper.json'), '{}')
    await openSupervisor(folder).start('paper', [join(import.meta.dirname, 'server.ts'), folder])
    await pollUntil(async () => isReady(await present(folder)), waitSeconds * 1_000, signal)
    return { found: await present(folder), started: 1, plan: [] }
  },
  obstacles: async () => [],
  async down({ config, dryRun }, graceMs) {
    const folder = config.LEARNFLOW_DATA_DIR
    if (!isUp(await stateOf(folder))) return []
    if (!dryRun) {
      await openSupervisor(folder).stop('paper', graceMs)
      await rm(dataPaths(folder).running, { force: true })
    }
    return ['paper']
  },
  async status(folder) {
    const found = await present(folder)
    if (found === undefined) throw notRunning(folder)
    demandReady(found, folder)
    return { found, restarts: 0, processes: [] }
  },
  find: async (folder, running) =>
    isUp(await stateOf(folder)) ? { running, health: await healthOf(running.url) } : undefined,
  processes: async folder => [await stateOf(folder)],
  logs: async folder => processLogs([await stateOf(folder)]),
  troubles: async folder => ({ findings: [], up: isUp(await stateOf(folder)) ? 1 : 0, usable: false }),
  whyDown: async folder => ({ code: 'NOT_RUNNING', cause: 'paper is blank', evidence: folder, fix: 'learnflow up' }),
  ports: unbuilt,
  history: unbuilt,
  settings: async config => config,
  engines: async () => [],
  owns: name => name.startsWith('paper.') || ['platform.json', 'up.json', 'up.db'].includes(name),
  smokeTest: async () => 'paper is white',
}
`

beforeAll(async () => {
  place = await temporaryFolder()
  tree = join(place.path, 'tree')
  data = join(place.path, 'data')
  await mkdir(tree)
  await copyTree(tree)
})
afterAll(async () => {
  await learnflow('down')
  await place[Symbol.asyncDispose]()
})

test('a target is one folder and one line: every command then works on it', async () => {
  const refused = await learnflow('up', '--target', 'paper')
  expect(refused.exitCode).not.toBe(0)
  expect(refused.all).toContain('INVALID_INPUT')

  const targets = join(tree, 'platform', 'targets')
  await mkdir(join(targets, 'paper'))
  await writeFile(join(targets, 'paper', 'server.ts'), server)
  await writeFile(join(targets, 'paper', 'target.ts'), target)
  const list = await readFile(join(targets, 'all.ts'), 'utf8')
  const line = "  paper: { marker: 'paper.json', load: async () => (await import('./paper/target.ts')).paper },\n"
  await writeFile(join(targets, 'all.ts'), list.replace('} as const', `${line}} as const`))

  expect((await learnflow('up', '--help')).stdout).toContain('paper')
  expect((await learnflow('doctor', '--target', 'paper')).all).toContain('nothing wrong')
  expect((await learnflow('up', '--target', 'paper', '--dry-run')).stdout).toContain('start paper')
  const up = await learnflow('up', '--target', 'paper')
  expect(up.exitCode, up.all).toBe(0)
  expect(up.stdout).toContain('paper is white')
  expect((await learnflow('up', '--target', 'paper')).stdout).toMatch(/^unchanged/)
  expect((await learnflow('status')).stdout).toMatch(/^ready, paper 1 at http/)
  expect((await learnflow('logs')).stdout).toContain('paper listens')
  const other = await learnflow('up', '--target', 'embedded')
  expect(other.all).toContain('holds a platform of the target paper')
  expect((await learnflow('tutoring-agents', 'status')).all).toContain('paper keeps nothing')
  expect((await learnflow('down')).stdout).toMatch(/^stopped the platform/)
  expect((await learnflow('incident-triage', 'diagnose')).all).toContain('paper is blank')
  expect((await learnflow('status')).all).toContain('NOT_RUNNING')
})
