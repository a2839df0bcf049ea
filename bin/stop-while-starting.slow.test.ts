import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { dataPaths } from '../platform/owner/data-folder.ts'
import { isLocked } from '../platform/owner/lock.ts'

const root = join(import.meta.dirname, '..')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'learnflow-stop-'))
})
afterAll(async () => rm(folder, { recursive: true, force: true, maxRetries: 3 }))

const begin = (file: string, args: readonly string[], data: string) =>
  execa(process.execPath, [join(root, 'bin', file), ...args], {
    cwd: folder,
    reject: false,
    env: {
      XDG_STATE_HOME: join(folder, 'state'),
      LEARNFLOW_DATA_DIR: data,
      LEARNFLOW_HTTP_PORT: '0',
      LEARNFLOW_SANDBOX_PROCESSES: '1',
      LEARNFLOW_LOG_LEVEL: 'warn',
    },
  })
const learnflow = (args: readonly string[], data: string) => begin('learnflow.ts', args, data)

interface Process {
  id: string
  parent: string
  named: boolean
}

/** The processes whose command line or environment names the folder, and those that they have started. */
async function processesOf(data: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter(name => /^\d+$/.test(name) && name !== String(process.pid))
  const all = await Promise.all(
    ids.map(async (id): Promise<Process> => {
      // One that ends meanwhile is none of them.
      const part = async (name: string): Promise<string> => readFile(`/proc/${id}/${name}`, 'utf8').catch(() => '')
      const [line, environment, status] = [await part('cmdline'), await part('environ'), await part('status')]
      return { id, parent: /^PPid:\s*(\d+)/m.exec(status)?.[1] ?? '', named: `${line}${environment}`.includes(data) }
    }),
  )
  const found = new Set(all.filter(one => one.named).map(one => one.id))
  for (let before = 0; found.size > before;) {
    before = found.size
    for (const { id, parent } of all) if (found.has(parent)) found.add(id)
  }
  return [...found]
}

/** Resolves as soon as a start has begun to write the database. */
const begun = async (data: string): Promise<void> =>
  vi.waitFor(() => expect(existsSync(dataPaths(data).database)).toBe(true), { timeout: 120_000, interval: 5 })

/** `ran`: the processes of the folder before it was stopped. */
async function expectNothingLeft(data: string, ran: readonly string[]): Promise<void> {
  const left = async (): Promise<string[]> => [
    ...(await processesOf(data)),
    ...ran.filter(id => existsSync(`/proc/${id}`)),
  ]
  await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: 10_000, interval: 100 })
  expect(isLocked(dataPaths(data).lock)).toBe(false)
  expect(existsSync(dataPaths(data).running)).toBe(false)
}

test.each([
  ['learnflow.ts', ['serve'], 'SIGINT', 130],
  ['start.mjs', ['start'], 'SIGTERM', 143],
  ['learnflow.ts', ['up'], 'SIGINT', 130],
  ['learnflow.ts', ['up'], 'SIGTERM', 143],
] as const)('%s %s that is starting obeys %s and leaves nothing that runs', async (file, args, signal, code) => {
  const data = join(folder, `${args[0]}-${signal}`)
  const starting = begin(file, args, data)
  await begun(data)
  const ran = await processesOf(data)
  starting.kill(signal)
  const { exitCode, stdout } = await starting
  expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' })
  expect(ran.length).toBeGreaterThan(0)
  await expectNothingLeft(data, ran)
})

test('a folder on which a start was stopped is used by the next', async () => {
  const data = join(folder, 'serve-SIGINT')
  expect(await learnflow(['up'], data)).toMatchObject({ exitCode: 0, stderr: '' })
  expect(await learnflow(['down'], data)).toMatchObject({ exitCode: 0 })
})

test('of two that start at once on an empty folder one brings the platform up and both find it', async () => {
  const data = join(folder, 'empty')
  const both = await Promise.all([learnflow(['up', '--json'], data), learnflow(['up', '--json'], data)])
  for (const { exitCode, stderr } of both) expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const [one, other] = both.map(({ stdout }) => JSON.parse(stdout) as { pid: number; url: string })
  expect(one).toEqual(other)
  const ran = await processesOf(data)
  expect((await learnflow(['down'], data)).exitCode).toBe(0)
  await expectNothingLeft(data, ran)
})
