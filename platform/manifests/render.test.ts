import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { manifestsFolder } from './resource.ts'
import { renderOverlay } from './render.ts'

const overlayOf = (name: string, root: string): string => join(root, 'kubernetes', 'overlays', name)

async function changed(file: string, from: string, to: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'learnflow-manifests-'))
  onTestFinished(async () => rm(root, { recursive: true, force: true }))
  await cp(manifestsFolder, root, { recursive: true })
  const text = await readFile(join(root, file), 'utf8')
  expect(text).toContain(from)
  await writeFile(join(root, file), text.replace(from, to))
  return root
}

test.for([
  ['a field that is not rendered', 'overlays/ci/kustomization.yaml', 'images:', 'replicas: []\nimages:', /replicas/],
  ['a file that is not there', 'base/kustomization.yaml', 'api.yaml', 'apis.yaml', /apis.yaml: is not there/],
  ['a patch of nothing', 'components/dapr/settings.yaml', 'name: learnflow', 'name: lernflow', /patches nothing/],
  ['broken YAML', 'base/network.yaml', 'podSelector: {}', 'podSelector: {', /network.yaml: /],
  ['an object without a kind', 'base/settings.yaml', 'kind: ConfigMap', 'kin: ConfigMap', /settings.yaml: .*kind/s],
  [
    'a patch of a field that is not there',
    'overlays/ci/kustomization.yaml',
    '/spec/replicas',
    '/spec/replica',
    /replica/,
  ],
] as const)('%s is told with its file', async ([, file, from, to, told]) => {
  const root = await changed(join('kubernetes', file), from, to)
  await expect(renderOverlay(overlayOf('ci', root))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(told),
  })
})
