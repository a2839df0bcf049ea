import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { dependencyLayer, imageConfig } from './contents.ts'
import { fullName, type Entry, writeImage } from './oci.ts'

const root = join(import.meta.dirname, '..', '..')

async function place(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-oci-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'work'))
  return folder
}

const json = async (file: string) => JSON.parse(await readFile(file, 'utf8'))
const blob = (folder: string, digest: string): string => join(folder, 'blobs', 'sha256', digest.slice(7))

test('an archive holds what it says: sums, modes, links and folders; twice the same bytes', async () => {
  const folder = await place()
  await writeFile(join(folder, 'run'), 'a program', { mode: 0o700 })
  await symlink('run', join(folder, 'link'))
  const layers: Entry[][] = [
    [
      { path: 'app/bin/run', from: join(folder, 'run') },
      { path: 'app/bin/link', from: join(folder, 'link') },
    ],
    [
      { path: 'etc/name', text: 'x\n' },
      { path: 'tmp', folder: true, mode: 0o1777 },
    ],
  ]
  const write = async (file: string) =>
    writeImage(join(folder, file), 'learnflow/test:1', { layers, config: imageConfig('1'), work: join(folder, 'work') })
  const { digest } = await write('one.tar')
  await write('two.tar')
  expect(await readFile(join(folder, 'one.tar'))).toEqual(await readFile(join(folder, 'two.tar')))
  const to = join(folder, 'out')
  await mkdir(to)
  await execa('tar', ['-xf', join(folder, 'one.tar'), '-C', to])
  const index = await json(join(to, 'index.json'))
  expect(index.manifests[0]).toMatchObject({
    digest,
    annotations: { 'io.containerd.image.name': 'docker.io/learnflow/test:1' },
  })
  const manifest = await json(blob(to, digest))
  for (const { digest: sum, size } of [manifest.config, ...manifest.layers]) {
    const bytes = await readFile(blob(to, sum))
    expect([bytes.length, `sha256:${createHash('sha256').update(bytes).digest('hex')}`]).toEqual([size, sum])
  }
  const { stdout } = await execa('tar', ['-tvzf', blob(to, manifest.layers[0].digest)])
  expect(stdout.split('\n').map(line => line.replaceAll(/\s+/g, ' '))).toEqual([
    expect.stringMatching(/^drwxr-xr-x 0\/0 .* app$/),
    expect.stringMatching(/^drwxr-xr-x 0\/0 .* app\/bin$/),
    expect.stringMatching(/^lrw.* app\/bin\/link -> run$/),
    expect.stringMatching(/^-rwxr-xr-x 0\/0 9 1970-01-01 .* app\/bin\/run$/),
  ])
})

test('the packages of the image are those that the program needs at run time', async () => {
  const paths = new Set((await dependencyLayer(root)).map(({ path }) => path))
  const has = (name: string): boolean => paths.has(`app/node_modules/${name}/package.json`)
  expect(['fastify', 'pyodide', 'vitest', 'typescript', 'oxlint', 'knip'].filter(has)).toEqual(['fastify', 'pyodide'])
  expect([...paths].filter(path => /\.d\.ts$|\.map$/.test(path))).toEqual([])
})

test('Containerfile makes a container start in the same way', async () => {
  const text = await readFile(join(root, 'Containerfile'), 'utf8')
  const { entrypoint, user, workingDir, ports } = imageConfig('1')
  expect(text).toContain(`ENTRYPOINT ${JSON.stringify(entrypoint).replaceAll(',', ', ')}\n`)
  expect(text).toContain(`USER ${user}\n`)
  expect(text).toContain(`WORKDIR ${workingDir}\n`)
  expect(text).toContain(`EXPOSE ${ports.map(port => port.split('/')[0]).join(' ')}\n`)
})

test.each([
  ['learnflow/learnflow:1', 'docker.io/learnflow/learnflow:1'],
  ['node:24', 'docker.io/library/node:24'],
  ['localhost/own:1', 'localhost/own:1'],
  ['registry.example:5000/own:1', 'registry.example:5000/own:1'],
])('%s is found as %s', (name, full) => {
  expect(fullName(name)).toBe(full)
})
