import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Supervisor } from '../ports/supervisor.ts'

/** The command lines of this machine's processes that name `folder`. */
async function commandsNaming(folder: string): Promise<string[]> {
  if (process.platform !== 'linux')
    return (await execa('ps', ['-Aww', '-o', 'args'])).stdout.split('\n').filter(line => line.includes(folder))
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  // A process that has ended since then names nothing.
  const commands = await Promise.all(pids.map(async pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return commands.filter(command => command.includes(folder))
}

/**
 * The contract of every supervisor, with real processes. `open` gets an empty folder, a pause before restarts that
 * suits a test, and how long a process must live to count as started.
 */
export function supervisorContract(
  driver: string,
  open: (folder: string, pauseMs: number, settleMs: number) => Supervisor,
): void {
  describe(`supervisor: ${driver}`, () => {
    let folder = ''
    let supervisor: Supervisor
    const script = async (source: string): Promise<string[]> => {
      const file = join(folder, 'program.mjs')
      await writeFile(file, source)
      return [file]
    }
    const staying =
      "process.on('SIGTERM', () => { console.log('drained'); process.exit(0) }); console.log('up'); setInterval(() => {}, 1000)"
    /** On a busy machine a program that exits immediately may live for a while. */
    const patient = (): Supervisor => open(folder, 20, 15_000)
    const alive = (pid: number): boolean => {
      try {
        return process.kill(pid, 0)
      } catch {
        return false
      }
    }

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'learnflow-supervisor-'))
      supervisor = open(folder, 20, 500)
    })
    afterEach(async () => {
      await supervisor.stop('worker', 0)
      await rm(folder, { recursive: true, force: true })
    })

    test('a process that was never started is stopped, and stopping it changes nothing', async () => {
      expect(await supervisor.status('worker')).toMatchObject({ name: 'worker', status: 'stopped', restarts: 0 })
      expect(await supervisor.stop('worker', 1_000)).toBe('unchanged')
    })

    test('what a process was last started with is told', async () => {
      expect(await supervisor.order('worker')).toBeUndefined()
      const args = await script(staying)
      await supervisor.start('worker', args, { command: process.execPath, folder, env: { SIZE: '3' } })
      expect(await supervisor.order('worker')).toEqual({ args, env: { SIZE: '3' } })
      await supervisor.stop('worker', 5_000)
      await supervisor.start('worker', [...args, '--fast'])
      expect(await supervisor.order('worker')).toEqual({ args: [...args, '--fast'] })
    })

    test('a started process runs, is left alone by a second start, and drains when it is stopped', async () => {
      const started = await supervisor.start('worker', await script(staying))
      expect(started).toMatchObject({
        status: 'running',
        restarts: 0,
        pid: expect.any(Number),
        started_at: expect.any(String),
      })
      expect(await supervisor.start('worker', await script(staying))).toEqual(started)
      await expect.poll(async () => readFile(started.log, 'utf8')).toBe('up\n')
      expect(await supervisor.stop('worker', 10_000)).toBe('stopped')
      expect(alive(started.pid ?? 0)).toBe(false)
      expect(await supervisor.status('worker')).toMatchObject({
        status: 'stopped',
        last_exit: { code: 0, signal: null },
      })
      expect(await readFile(started.log, 'utf8')).toBe('up\ndrained\n')
    })

    test('a killed process is started again', async () => {
      const { pid } = await supervisor.start('worker', await script(staying))
      process.kill(pid ?? 0, 'SIGKILL')
      await expect.poll(async () => supervisor.status('worker')).toMatchObject({ status: 'running', restarts: 1 })
      const state = await supervisor.status('worker')
      expect(state.pid).not.toBe(pid)
      expect(state.last_exit).toMatchObject({ code: null, signal: 'SIGKILL' })
    })

    test('a process that always crashes is given up as a crash loop, with its last words in the error', async () => {
      await expect(
        patient().start('worker', await script("console.error('no such luck'); process.exit(1)")),
      ).rejects.toMatchObject({
        code: 'DEPENDENCY_DOWN',
        message: expect.stringContaining('no such luck'),
      })
      expect(await supervisor.status('worker')).toMatchObject({
        status: 'crash_loop',
        restarts: 5,
        last_exit: { code: 1 },
      })
      expect(await supervisor.start('worker', await script(staying))).toMatchObject({ status: 'running', restarts: 0 })
    })

    test.for([
      [2, 'NOT_RUNNING'],
      [3, 'INVALID_INPUT'],
    ] as const)('exit code %i says that a restart cannot help: it is not restarted', async ([exitCode, code]) => {
      await expect(patient().start('worker', await script(`process.exit(${exitCode})`))).rejects.toMatchObject({ code })
      expect(await supervisor.status('worker')).toMatchObject({
        status: 'stopped',
        restarts: 0,
        last_exit: { code: exitCode },
      })
    })

    test('a process that does not drain in time is killed', async () => {
      const { pid } = await supervisor.start(
        'worker',
        await script("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"),
      )
      expect(await supervisor.stop('worker', 100)).toBe('stopped')
      expect(alive(pid ?? 0)).toBe(false)
    })

    test('two starts at once make one process', async () => {
      const args = await script(staying)
      const [one, other] = await Promise.all([supervisor.start('worker', args), supervisor.start('worker', args)])
      expect(one.pid).toBe(other.pid)
    })

    test('of two starts at once the later one does not start what was stopped meanwhile', async () => {
      const args = await script(staying)
      await Promise.all([supervisor.start('worker', args), supervisor.start('worker', args)])
      expect(await supervisor.stop('worker', 10_000)).toBe('stopped')
      // The later one has had its turn when nothing is left that was started for this folder.
      await expect.poll(async () => commandsNaming(folder)).toEqual([])
      expect(await supervisor.status('worker')).toMatchObject({ status: 'stopped' })
    })

    test('a name that is none is refused', async () => {
      await expect(supervisor.start('../worker', [])).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    })
  })
}
