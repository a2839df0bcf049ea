import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { migratedDump } from './test-engine.ts'

const { failed: noNamespaces } = await execa('unshare', ['-rm', 'true'], { reject: false })

test('a full disk: writes are refused, nothing acknowledged is lost, and writes resume later', async context => {
  if (noNamespaces) context.skip('a small disk of its own needs unshare -rm (Linux with user namespaces)')
  const parent = await mkdtemp(join(tmpdir(), 'learnflow-disk-'))
  onTestFinished(async () => rm(parent, { recursive: true, force: true }))
  const [disk, dump] = [join(parent, 'disk'), join(parent, 'dump.tar.gz')]
  await mkdir(disk)
  await writeFile(dump, Buffer.from(await (await migratedDump()).arrayBuffer()))
  const { stdout } = await execa('unshare', [
    '-rm',
    process.execPath,
    join(import.meta.dirname, 'fixture', 'small-disk.ts'),
    disk,
    dump,
  ])
  expect(JSON.parse(stdout)).toEqual({
    guarded: { acknowledged: expect.any(Number), refused: ['STORAGE_FULL'], recovered: true },
    lost: [],
  })
})
