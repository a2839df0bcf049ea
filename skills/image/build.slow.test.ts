import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { readConfig } from '../../platform/config.ts'
import { interpreterMemory } from '../../platform/open.ts'
import { runScript } from '../registry.ts'

const Manifest = z.object({ layers: z.array(z.object({ digest: z.string() })) })
const isRoot = process.getuid?.() === 0
let place: string
let image: string

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'learnflow-image-test-'))
  image = join(place, 'root')
  const archive = join(place, 'image.tar')
  const { data } = await runScript('image/build', { to: archive, name: 'learnflow/test:1' }, { config: readConfig() })
  const { digest } = z.object({ digest: z.string() }).parse(data)
  const layout = join(place, 'layout')
  await Promise.all([layout, image].map(async folder => mkdir(folder)))
  await execa('tar', ['-xf', archive, '-C', layout])
  const blob = (sum: string): string => join(layout, 'blobs', 'sha256', sum.slice('sha256:'.length))
  const { layers } = Manifest.parse(JSON.parse(await readFile(blob(digest), 'utf8')))
  for (const layer of layers) await execa('tar', ['-xzf', blob(layer.digest), '-C', image])
})
afterAll(async () => rm(place, { recursive: true, force: true }))

/**
 * A process of the image as a pod has it: its user, a root that it cannot write, an empty /tmp, no other files. The
 * mounts end with it.
 */
const inImage = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const script = `
mount --bind "$0" "$0" && mount -o remount,ro,bind "$0"
mount -t tmpfs -o mode=1777 tmpfs "$0/tmp" && mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev"
exec chroot --userspec=10001:10001 "$0" /usr/local/bin/node /app/dist/bin/learnflow.js "$@"`
  return execa('unshare', ['--mount', 'sh', '-ec', script, image, ...args], {
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', HOME: '/tmp', ...env },
    extendEnv: false,
    reject: false,
  })
}

test('the image has the memory of its own interpreter, and no shell', async () => {
  const memory = await interpreterMemory(join(image, 'app', 'dist', 'platform'))
  const name = memory.split('/').at(-1) ?? ''
  const { size } = await stat(join(image, 'app', 'node_modules', '.cache', 'learnflow', name))
  expect(size).toBeGreaterThan(10_000_000)
  for (const shell of ['bin/sh', 'usr/bin/sh', 'bin/bash'])
    await expect(readFile(join(image, shell))).rejects.toMatchObject({ code: 'ENOENT' })
})

describe.skipIf(!isRoot)(isRoot ? 'as a pod has it' : 'needs root for the mounts of a pod', () => {
  test('a program is judged by an interpreter of the image', async () => {
    const { stdout, exitCode, stderr } = await inImage(['tutor', 'run', '/app/dist/examples/square.py', '--json'])
    expect(exitCode, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ ended: 'ok' })
  })

  test('a platform runs from it, is ready, and ends when it is told to', async () => {
    const running = inImage(['serve', '--json'], {
      LEARNFLOW_DATA_DIR: '/tmp/data',
      LEARNFLOW_HTTP_PORT: '0',
      LEARNFLOW_SANDBOX_PROCESSES: '1',
      LEARNFLOW_LOG_LEVEL: 'warn',
    })
    const line = await Promise.race([once(createInterface(running.stdout), 'line'), running])
    if (!Array.isArray(line)) throw new Error(`it ended: ${line.stderr.slice(-800)}`)
    const { url } = JSON.parse(String(line[0])) as { url: string }
    const health = await (await fetch(`${url}/health/ready`)).json()
    expect(health).toMatchObject({ status: 'ready', sandbox: expect.stringMatching(/^wasm\+permission/) })
    running.kill('SIGTERM')
    expect((await running).exitCode).toBe(0)
  })

  test('nothing of the image can be written', async () => {
    const { exitCode, stdout, stderr } = await inImage(['serve', '--json'], { LEARNFLOW_DATA_DIR: '/app/data' })
    expect(exitCode).not.toBe(0)
    expect(stdout + stderr).toMatch(/cannot be written/)
  })
})
