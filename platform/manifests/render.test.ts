import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { findProgram } from '../engines/find.ts'
import { isNamespaced, manifestsFolder, type Resource } from './resource.ts'
import { readResources, renderOverlay } from './render.ts'

const overlays = ['dev', 'production', 'ci']
const overlayOf = (name: string, root = manifestsFolder): string => join(root, 'kubernetes', 'overlays', name)
const kubectl = await findProgram('kubectl')

/** kustomize puts a namespace on kinds it does not know; the API server takes it off again. */
const comparable = (resources: readonly Resource[]): Record<string, unknown> =>
  Object.fromEntries(
    resources.map(resource => {
      const { namespace, ...metadata } = resource.metadata
      const own = isNamespaced(resource) ? { ...metadata, namespace } : metadata
      return [`${resource.kind}/${resource.metadata.name}`, { ...resource, metadata: own }]
    }),
  )

test.for(overlays)('%s is rendered as kubectl renders it', { skip: kubectl === undefined }, async overlay => {
  const { stdout } = await execa(kubectl ?? '', ['kustomize', overlayOf(overlay)])
  const theirs = comparable(readResources(stdout, 'kubectl').map(({ resource }) => resource))
  expect(Object.keys(theirs).length).toBeGreaterThan(50)
  expect(comparable(await renderOverlay(overlayOf(overlay)))).toEqual(theirs)
})

async function changed(file: string, from: string, to: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'learnflow-manifests-'))
  onTestFinished(async () => rm(root, { recursive: true, force: true }))
  await cp(manifestsFolder, root, { recursive: true })
  const text = await readFile(join(root, file), 'utf8')
  expect(text).toContain(from)
  await writeFile(join(root, file), text.replace(from, to))
  return root
}

test('another namespace is rendered as kubectl renders it', { skip: kubectl === undefined }, async () => {
  const root = await changed('kubernetes/overlays/dev/kustomization.yaml', 'namespace: learnflow', 'namespace: other')
  const { stdout } = await execa(kubectl ?? '', ['kustomize', overlayOf('dev', root)])
  const theirs = comparable(readResources(stdout, 'kubectl').map(({ resource }) => resource))
  expect(comparable(await renderOverlay(overlayOf('dev', root)))).toEqual(theirs)
})

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
