import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { openPool } from './pool.ts'

/** The processes started by `parent`; only on kernels that list them. */
async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger)
  const parents = await Promise.all(pids.map(async pid => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
  return pids.filter((_, at) => Number(/\) \w (\d+)/.exec(parents[at] ?? '')?.[1]) === parent)
}

/** Interpreters of files that ran before in this process. */
const others = new Set(await childrenOf(process.pid))

const interpreters = async (parent = process.pid): Promise<number[]> => {
  const pids = (await childrenOf(parent)).filter(pid => !others.has(pid))
  const commands = await Promise.all(pids.map(async pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids.filter((_, at) => commands[at]?.includes('--permission'))
}

const onLinux = process.platform === 'linux'
const loop = { code: 'while True: pass', seconds: 20 }

test.runIf(onLinux)('a run whose process is killed is run again in a new one', async () => {
  await using pool = openPool({ processes: 1, megabytes: 50, queueLimit: 10 })
  await pool.run({ code: 'pass' })
  const run = pool.run({ code: 'for n in range(5_000_000):\n    pass\nprint("done")', seconds: 20 })
  const [victim] = await interpreters()
  process.kill(victim!, 'SIGKILL')
  expect(await run).toMatchObject({ ended: 'ok', stdout: 'done\n' })
})

test.runIf(onLinux)('a run that costs two processes is given up, and the next one is answered', async () => {
  await using pool = openPool({ processes: 1, megabytes: 50, queueLimit: 10 })
  await pool.run({ code: 'pass' })
  const run = pool.run(loop).catch((error: unknown) => error)
  const [first] = await interpreters()
  process.kill(first!, 'SIGKILL')
  const next = async (): Promise<number | undefined> => (await interpreters()).find(pid => pid !== first)
  await expect.poll(next).toBeDefined()
  await expect.poll(() => pool.figures()).toMatchObject({ processes: 1, busy: 1 })
  process.kill((await next())!, 'SIGKILL')
  expect(await run).toMatchObject({ code: 'SANDBOX_CRASHED' })
  expect(await pool.run({ code: 'print(1)' })).toMatchObject({ ended: 'ok' })
})

test.runIf(onLinux)(
  'a process that dies while idle is replaced before anyone waits for it, and that is told',
  async () => {
    const told: string[] = []
    const onReplaced = (reason: string): void => void told.push(reason)
    await using pool = openPool({ processes: 1, megabytes: 50, queueLimit: 10, onReplaced })
    await pool.run({ code: 'pass' })
    const [first] = await interpreters()
    process.kill(first!, 'SIGKILL')
    await expect.poll(async () => (await interpreters()).filter(pid => pid !== first).length).toBe(1)
    expect([told, pool.figures().replaced]).toEqual([['the interpreter process died'], 1])
  },
)

test.runIf(onLinux)('a program is not stopped because the machine has no time for it', async () => {
  await using pool = openPool({ processes: 1, megabytes: 50, queueLimit: 10 })
  await pool.run({ code: 'pass' })
  const run = pool.run({ code: 'for n in range(3_000_000):\n    pass\nprint("done")', seconds: 0.7 })
  const [child] = await interpreters()
  process.kill(child!, 'SIGSTOP')
  await sleep(900)
  process.kill(child!, 'SIGCONT')
  expect(await run).toMatchObject({ ended: 'ok', stdout: 'done\n' })
})

test('a process in which a program broke a system call is replaced, and that is told', async () => {
  const told: string[] = []
  const onReplaced = (reason: string): void => void told.push(reason)
  await using pool = openPool({ processes: 1, megabytes: 50, queueLimit: 10, onReplaced })
  const code = 'import os\ntry:\n    os.open("/dev/null", os.O_WRONLY | os.O_RDWR)\nexcept OSError:\n    print("told")'
  expect(await pool.run({ code })).toMatchObject({ ended: 'ok', stdout: 'told\n' })
  await expect.poll(() => pool.figures().replaced).toBe(1)
  expect(told).toEqual(['a program was stopped inside a system call'])
  expect(await pool.run({ code: 'print(1)' })).toMatchObject({ ended: 'ok' })
})

test('a pool that is not kept warm closes idle processes and starts new ones for the next run', async () => {
  await using pool = openPool({ processes: 1, megabytes: 50, queueLimit: 10, idleMs: 50 })
  expect(pool.figures().processes).toBe(0)
  expect(await pool.run({ code: 'print(1)' })).toMatchObject({ stdout: '1\n' })
  await expect.poll(() => pool.figures().processes).toBe(0)
  expect(await pool.run({ code: 'print(2)' })).toMatchObject({ stdout: '2\n' })
})

test.runIf(onLinux)('interpreters in the middle of a loop end when the platform is killed', async () => {
  const script = `import { openPool } from ${JSON.stringify(join(import.meta.dirname, 'pool.ts'))}
    const pool = openPool({ processes: 1, megabytes: 50, queueLimit: 10 })
    await pool.run({ code: 'pass' })
    void pool.run({ code: 'sum(range(10 ** 14))', seconds: 30 })
    setTimeout(() => process.stdout.write('busy'), 200)`
  const parent = execa(process.execPath, ['--input-type=module-typescript', '-e', script], {
    reject: false,
    buffer: false,
  })
  await new Promise(resolve => parent.stdout.once('data', resolve))
  const [child] = await interpreters(parent.pid)
  expect(child).toBeDefined()
  parent.kill('SIGKILL')
  await parent
  const alive = async (): Promise<boolean> =>
    !(await readFile(`/proc/${child}/stat`, 'utf8').catch(() => ') Z')).includes(') Z')
  await expect.poll(alive).toBe(false)
})

test.runIf(onLinux)('the layers that are claimed are those that the kernel tells of', async () => {
  await using pool = openPool({ processes: 1, megabytes: 50, queueLimit: 10 })
  await pool.run({ code: 'pass' })
  const layers = pool.figures().layers?.split('+') ?? []
  const [child] = await interpreters()
  const network = async (pid: number | 'self'): Promise<string> => readlink(`/proc/${pid}/ns/net`)
  const user = /^Uid:\s+(\d+)\s+\1\s+\1/m.exec(await readFile(`/proc/${child}/status`, 'utf8'))?.[1]
  expect(layers.slice(0, 2)).toEqual(['wasm', 'permission'])
  expect((await network(child!)) !== (await network('self'))).toBe(layers.includes('namespace'))
  expect(process.getuid?.() === 0 && user !== '0').toBe(layers.includes('uid'))
  expect(/^Max file size\s+0\s+0\s/m.test(await readFile(`/proc/${child}/limits`, 'utf8'))).toBe(
    layers.includes('rlimit'),
  )
})
