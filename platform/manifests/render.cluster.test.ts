import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import '../engines/cluster-setup.ts'
import { readResources, renderOverlay } from './render.ts'
import { isNamespaced, manifestsFolder, type Resource } from './resource.ts'

const { kubectl, missing } = inject('cluster')
const overlays = ['dev', 'production', 'ci']
const overlayOf = (name: string, root = manifestsFolder): string => join(root, 'kubernetes', 'overlays', name)

/** kustomize puts a namespace on kinds it does not know; the API server takes it off again. */
const comparable = (resources: readonly Resource[]): Record<string, unknown> =>
  Object.fromEntries(
    resources.map(resource => {
      const { namespace, ...metadata } = resource.metadata
      const own = isNamespaced(resource) ? { ...metadata, namespace } : metadata
      return [`${resource.kind}/${resource.metadata.name}`, { ...resource, metadata: own }]
    }),
  )

async function byKubectl(folder: string): Promise<Record<string, unknown>> {
  const { stdout } = await execa(kubectl, ['kustomize', folder])
  return comparable(readResources(stdout, 'kubectl').map(({ resource }) => resource))
}

describe.skipIf(missing !== undefined)(missing === undefined ? 'beside kubectl' : `needs ${missing}`, () => {
  test.for(overlays)('%s is rendered as kubectl renders it', async overlay => {
    const theirs = await byKubectl(overlayOf(overlay))
    expect(Object.keys(theirs).length).toBeGreaterThan(50)
    expect(comparable(await renderOverlay(overlayOf(overlay)))).toEqual(theirs)
  })

  test('another namespace is rendered as kubectl renders it', async () => {
    const root = await mkdtemp(join(tmpdir(), 'learnflow-manifests-'))
    onTestFinished(async () => rm(root, { recursive: true, force: true }))
    await cp(manifestsFolder, root, { recursive: true })
    const file = join(root, 'kubernetes', 'overlays', 'dev', 'kustomization.yaml')
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('namespace: learnflow', 'namespace: other'))
    const theirs = await byKubectl(overlayOf('dev', root))
    expect(JSON.stringify(theirs)).toContain('"namespace":"other"')
    expect(comparable(await renderOverlay(overlayOf('dev', root)))).toEqual(theirs)
  })
})
