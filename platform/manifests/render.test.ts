import { join } from 'node:path'
import { expect, test } from 'vitest'
import { renderOverlay } from './render.ts'
import { changedManifests } from './test-manifests.ts'

const overlayOf = (name: string, root: string): string => join(root, 'kubernetes', 'overlays', name)

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
  const root = await changedManifests(join('kubernetes', file), from, to)
  await expect(renderOverlay(overlayOf('ci', root))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(told),
  })
})
