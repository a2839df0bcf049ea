import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'

const { failed: noNamespaces } = await execa('unshare', ['-rm', 'true'], { reject: false })

test('a first start on a full disk says so before anything is started', async context => {
  if (noNamespaces) context.skip('a small disk of its own needs unshare -rm (Linux with user namespaces)')
  const disk = await mkdtemp(join(tmpdir(), 'learnflow-disk-'))
  onTestFinished(async () => rm(disk, { recursive: true, force: true }))
  const entry = join(import.meta.dirname, '..', '..', '..', 'bin', 'learnflow.ts')
  const up = [process.execPath, entry, 'up', '--target', 'local', '--data', join(disk, 'data')]
  const mount = `mount -t tmpfs -o size=60m tmpfs ${disk} && "$@"; ls ${disk}`
  const { stdout, stderr } = await execa('unshare', ['-rm', 'sh', '-c', mount, 'sh', ...up], { reject: false })
  expect(stderr).toMatch(/^STORAGE_FULL: the disk of \S+data is full: \d+ MB free, a first start takes 200\n.*--data/m)
  expect(stdout).toBe('')
})
