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

test('a first start on a full disk says so, with the folder and what is free', async context => {
  if (noNamespaces) context.skip('a small disk of its own needs unshare -rm (Linux with user namespaces)')
  const disk = await mkdtemp(join(tmpdir(), 'learnflow-disk-'))
  onTestFinished(async () => rm(disk, { recursive: true, force: true }))
  const script = `import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, 'database.ts'))}
    const open = openDatabase({ folder: ${JSON.stringify(join(disk, 'pg'))}, querySeconds: 20, minFreeMegabytes: 1 })
    await open.catch(error => process.stdout.write(JSON.stringify({ ...error, message: error.message })))
    process.exit(0)`
  const node = [process.execPath, '--input-type=module-typescript', '-e', script]
  const mount = `mount -t tmpfs -o size=12m tmpfs ${disk} && exec "$@"`
  const { stdout } = await execa('unshare', ['-rm', 'sh', '-c', mount, 'sh', ...node])
  expect(JSON.parse(stdout)).toMatchObject({
    code: 'STORAGE_FULL',
    message: expect.stringMatching(new RegExp(`${disk}/pg does not open: \\d+ MB are free`)),
    hint: expect.stringContaining('--data'),
  })
})
