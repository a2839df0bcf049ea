import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { supervisorContract } from '../../contract/supervisor.ts'
import { logFile } from './log-file.ts'
import { processStartTime } from './start-time.ts'
import { filesOf, keeperFiles, readState, writeState } from './state-file.ts'
import { processSupervisor } from './supervisor.ts'

supervisorContract('process', (folder, pauseMs, settleMs) => processSupervisor(folder, { pauseMs, settleMs }))

const staying =
  "process.on('SIGTERM', () => process.exit(0)); process.stdout.on('error', () => {}); setInterval(() => console.log('x'.repeat(100)), 2)"

async function fixture(options?: Parameters<typeof processSupervisor>[1]) {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-supervisor-'))
  const supervisor = processSupervisor(folder, options)
  onTestFinished(async () => {
    await supervisor.stop('worker', 0)
    await rm(folder, { recursive: true, force: true })
  })
  await writeFile(join(folder, 'program.mjs'), staying)
  return { folder, supervisor, program: join(folder, 'program.mjs') }
}

test('the process outlives the command that started it', async () => {
  const { folder, supervisor, program } = await fixture()
  const source = `import { processSupervisor } from ${JSON.stringify(join(import.meta.dirname, 'supervisor.ts'))}
    await processSupervisor(${JSON.stringify(folder)}).start('worker', [${JSON.stringify(program)}])`
  await execa(process.execPath, ['--input-type=module', '--eval', source])
  expect(await supervisor.status('worker')).toMatchObject({ status: 'running' })
  expect(await supervisor.stop('worker', 10_000)).toBe('stopped')
})

test('another program has its own folder and environment, restarts after any exit, and gets its own stop signal', async () => {
  const { folder, supervisor } = await fixture({ pauseMs: 10 })
  const said =
    'trap "echo stopped by INT; exit 0" INT; echo "$PWD $LF_WORD"; if [ ! -f once ]; then touch once; exit 2; fi; while true; do sleep 0.05; done'
  const other = {
    command: '/bin/sh',
    folder,
    env: { LF_WORD: 'word', PATH: '/usr/bin:/bin' },
    stopSignal: 'SIGINT',
  } as const
  const { log } = await supervisor.start('worker', ['-c', said], other)
  await expect
    .poll(async () => supervisor.status('worker'))
    .toMatchObject({ status: 'running', restarts: 1, last_exit: { code: 2 } })
  await expect.poll(async () => readFile(log, 'utf8')).toMatch(/word\n.* word\n/)
  expect(await supervisor.stop('worker', 10_000)).toBe('stopped')
  expect(await readFile(log, 'utf8')).toBe(`${folder} word\n${folder} word\nstopped by INT\n`)
})

test('a program that exits while its dependencies are missing is restarted for as long as that takes', async () => {
  const { folder, supervisor } = await fixture({ pauseMs: 1 })
  const waits = 'echo x >> tries; if [ $(wc -l < tries) -lt 9 ]; then exit 1; fi; exec sleep 60'
  await supervisor.start('worker', ['-c', waits], {
    command: '/bin/sh',
    folder,
    env: { PATH: '/usr/bin:/bin' },
    persistent: true,
  })
  expect(await supervisor.status('worker')).toMatchObject({ status: 'running', restarts: 8 })
})

const isAlive = async (pid = 0): Promise<boolean> => (await processStartTime(pid)) !== undefined
const watcherOf = async (folder: string): Promise<number> =>
  (await readState(filesOf(folder, 'worker').state))?.watcher ?? 0
const keeperOf = async (folder: string): Promise<number> => Number(await readFile(keeperFiles(folder).pid, 'utf8'))

test('a killed watcher is replaced with its settings, and its process is started anew', async () => {
  const { folder, supervisor, program } = await fixture()
  await writeFile(program, `console.log(process.env.LEARNFLOW_WORD); ${staying}`)
  process.env['LEARNFLOW_WORD'] = 'of the start'
  const { pid, log } = await supervisor.start('worker', [program])
  process.env['LEARNFLOW_WORD'] = 'of another'
  onTestFinished(() => void delete process.env['LEARNFLOW_WORD'])
  process.kill(await watcherOf(folder), 'SIGKILL')
  await expect.poll(async () => supervisor.status('worker')).toMatchObject({ status: 'running', restarts: 1 })
  const again = await supervisor.status('worker')
  expect(again.pid).not.toBe(pid)
  expect(await isAlive(pid)).toBe(false)
  await expect.poll(async () => readFile(log, 'utf8')).toMatch(/of the start\n[^]*of the start\n/)
  // Supervised as before: the process itself is started again too.
  process.kill(again.pid ?? 0, 'SIGKILL')
  await expect.poll(async () => supervisor.status('worker')).toMatchObject({ status: 'running', restarts: 2 })
  expect(await supervisor.stop('worker', 10_000)).toBe('stopped')
  expect(await supervisor.status('worker')).toMatchObject({ status: 'stopped' })
})

test('a watcher and its process that are killed together are replaced', async () => {
  const { folder, supervisor, program } = await fixture()
  const { pid } = await supervisor.start('worker', [program])
  const watcher = await watcherOf(folder)
  await expect.poll(async () => keeperOf(folder)).toBeGreaterThan(0)
  for (const id of [watcher, pid ?? 0]) process.kill(id, 'SIGKILL')
  await expect.poll(async () => supervisor.status('worker')).toMatchObject({ status: 'running', restarts: 1 })
})

test('a killed keeper is replaced, and goes when there is nothing to keep', async () => {
  const { folder, supervisor, program } = await fixture()
  await supervisor.start('worker', [program])
  await expect.poll(async () => keeperOf(folder).catch(() => 0)).toBeGreaterThan(0)
  const first = await keeperOf(folder)
  process.kill(first, 'SIGKILL')
  await expect.poll(async () => keeperOf(folder)).not.toBe(first)
  process.kill(await watcherOf(folder), 'SIGKILL')
  await expect.poll(async () => supervisor.status('worker')).toMatchObject({ status: 'running', restarts: 1 })
  const last = await keeperOf(folder)
  await supervisor.stop('worker', 10_000)
  await expect.poll(async () => isAlive(last)).toBe(false)
})

test('what is stopped while its watcher is dead stays stopped', async () => {
  const { folder, supervisor, program } = await fixture()
  const { pid } = await supervisor.start('worker', [program])
  await expect.poll(async () => keeperOf(folder).catch(() => 0)).toBeGreaterThan(0)
  const last = await keeperOf(folder)
  process.kill(await watcherOf(folder), 'SIGKILL')
  expect(await supervisor.stop('worker', 10_000)).toBe('stopped')
  expect(await isAlive(pid)).toBe(false)
  await expect.poll(async () => isAlive(last)).toBe(false)
  expect(await supervisor.status('worker')).toMatchObject({ status: 'stopped' })
})

test('what runs after all that watched it was killed is watched again on request', async () => {
  const { folder, supervisor, program } = await fixture()
  const { pid } = await supervisor.start('worker', [program])
  await expect.poll(async () => keeperOf(folder).catch(() => 0)).toBeGreaterThan(0)
  for (const id of [await keeperOf(folder), await watcherOf(folder)]) process.kill(id, 'SIGKILL')
  await expect.poll(async () => supervisor.status('worker')).toMatchObject({ status: 'restarting' })
  expect(await isAlive(pid)).toBe(true)
  await supervisor.restore()
  await expect.poll(async () => supervisor.status('worker')).toMatchObject({ status: 'running', restarts: 1 })
})

test('a keeper that is started while another reads its lock waits for that moment', async () => {
  const { folder, supervisor, program } = await fixture()
  await supervisor.start('worker', [program])
  await expect.poll(async () => keeperOf(folder).catch(() => 0)).toBeGreaterThan(0)
  for (const id of [await keeperOf(folder), await watcherOf(folder)]) process.kill(id, 'SIGKILL')
  await expect.poll(async () => supervisor.status('worker')).toMatchObject({ status: 'restarting' })
  // The killed keeper may have its lock for an instant more.
  const reader = new DatabaseSync(keeperFiles(folder).lock, { readOnly: true, timeout: 10_000 })
  reader.exec('BEGIN; SELECT 1 FROM sqlite_master')
  const restored = supervisor.restore()
  // Long enough for a keeper to start and to want its lock.
  await sleep(900)
  reader.close()
  await restored
  await expect.poll(async () => supervisor.status('worker')).toMatchObject({ status: 'running', restarts: 1 })
})

test('a process that looks after its keeper is watched again when all that watched it was killed', async () => {
  const { folder, supervisor, program } = await fixture()
  const keeps = `import { keepOwnKeeper } from ${JSON.stringify(join(import.meta.dirname, 'start-keeper.ts'))}`
  await writeFile(program, `${keeps}; ${staying}; keepOwnKeeper(${JSON.stringify(folder)})`)
  const { pid } = await supervisor.start('worker', [program])
  await expect.poll(async () => keeperOf(folder).catch(() => 0)).toBeGreaterThan(0)
  for (const id of [await keeperOf(folder), await watcherOf(folder)]) process.kill(id, 'SIGKILL')
  await expect.poll(async () => supervisor.status('worker')).toMatchObject({ status: 'running', restarts: 1 })
  expect(await isAlive(pid)).toBe(false)
  const last = await keeperOf(folder)
  expect(await supervisor.stop('worker', 10_000)).toBe('stopped')
  await expect.poll(async () => isAlive(last)).toBe(false)
})

test('a state file that names an unrelated process is ignored, and that process is left alone', async () => {
  const { folder, supervisor } = await fixture()
  const { state } = filesOf(folder, 'worker')
  await writeState(state, {
    launch: '',
    watcher: process.pid,
    status: 'running',
    pid: process.pid,
    born: '1',
    restarts: 0,
    started_at: new Date().toISOString(),
  })
  expect(await supervisor.status('worker')).toMatchObject({ status: 'stopped' })
  expect(await supervisor.stop('worker', 0)).toBe('unchanged')
})

test('the log is rotated at its bound', async () => {
  const { supervisor, program } = await fixture({ logBytes: 5_000 })
  const { log } = await supervisor.start('worker', [program])
  await expect.poll(async () => stat(`${log}.1`).then(({ size }) => size)).toBeGreaterThan(4_000)
  expect(await readFile(`${log}.1`, 'utf8')).toMatch(/^(x{100}\n)+$/)
})

test('a log is moved away before it would pass its bound', async () => {
  const { folder } = await fixture()
  const path = join(folder, 'a.log')
  const { append } = logFile(path, 5_000)
  const sizes = async () => Promise.all([path, `${path}.1`].map(async file => (await stat(file)).size))
  for (let nr = 0; nr < 7; nr += 1) append(Buffer.alloc(1_000, 'x'))
  expect(await sizes()).toEqual([2_000, 5_000])
  append(Buffer.alloc(9_000, 'y'))
  expect(await sizes()).toEqual([9_000, 2_000])
})

test('a folder that cannot be created is reported', async () => {
  const { program } = await fixture()
  await expect(processSupervisor(join(program, 'folder')).start('worker', [program])).rejects.toMatchObject({
    code: 'DATA_FOLDER_UNUSABLE',
  })
})
