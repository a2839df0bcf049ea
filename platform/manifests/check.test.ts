import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { checkOverlay, checkText, unusedImages } from './check.ts'
import { manifestsFolder } from './resource.ts'
import { changedManifests } from './test-manifests.ts'

const PlantedFault = z.strictObject({
  rule: z.string(),
  overlay: z.enum(['dev', 'production', 'ci']),
  file: z.string(),
  from: z.string(),
  to: z.string(),
  object: z.string(),
  field: z.string(),
})
const plantedFaults = z
  .array(PlantedFault)
  .parse(parse(await readFile(join(import.meta.dirname, 'fixture/planted-faults.yaml'), 'utf8')))

const folder = join(manifestsFolder, 'kubernetes')
const overlays = ['dev', 'production', 'ci']

test.for(overlays)('%s has no fault', async overlay => {
  const { objects, findings } = await checkOverlay(overlay, folder)
  expect(findings).toEqual([])
  expect(objects).toBeGreaterThan(50)
})

test('there are enough faults to tell, in all parts, and each is another', () => {
  expect(plantedFaults.length).toBeGreaterThanOrEqual(30)
  expect(new Set(plantedFaults.map(({ rule }) => rule)).size).toBeGreaterThanOrEqual(30)
  const places = plantedFaults.map(({ file, from, to }) => `${file} ${from} ${to}`)
  expect(new Set(places).size).toBe(places.length)
})

test.for(plantedFaults.map(fault => [`${fault.rule}: ${fault.object} ${fault.field}`, fault] as const))(
  '%s is found, with its file',
  async ([, { rule, overlay, file, from, to, object, field }]) => {
    const root = await changedManifests(file, from, to)
    const { findings } = await checkOverlay(overlay, join(root, 'kubernetes'))
    expect(findings).toContainEqual({ rule, file: join(root, file), object, field, message: expect.any(String) })
  },
)

test('an overlay that cannot be rendered is a fault, with its file', async () => {
  const root = await changedManifests('kubernetes/base/kustomization.yaml', 'api.yaml', 'apis.yaml')
  const { findings } = await checkOverlay('dev', join(root, 'kubernetes'))
  expect(findings).toMatchObject([{ rule: 'not-rendered', file: join(root, 'kubernetes/base/apis.yaml') }])
})

test('an image of the list that no overlay names is a fault', async () => {
  const root = await changedManifests('kubernetes/images.lock', 'pulled:', 'pulled:\n  - nginx:1.29')
  const unused = await unusedImages(overlays, join(root, 'kubernetes'))
  expect(unused.map(({ rule, object }) => `${rule} ${object}`)).toEqual(['image-unused nginx:1.29'])
  expect(await unusedImages(overlays, folder)).toEqual([])
})

test('objects that another program rendered are checked as text', async () => {
  const text =
    'apiVersion: v1\nkind: Service\nmetadata: {name: lost}\nspec: {selector: {app: none}, ports: [{port: 80}]}\n'
  expect(await checkText(text, 'stdin', folder)).toMatchObject([
    { rule: 'service-selector', file: 'stdin', object: 'Service/lost', field: 'spec.selector' },
  ])
})

test('an object in a namespace that is not deployed is a fault', async () => {
  const root = await changedManifests(
    'kubernetes/overlays/dev/kustomization.yaml',
    'namespace: learnflow',
    '# no namespace',
  )
  const { findings } = await checkOverlay('dev', join(root, 'kubernetes'))
  expect(findings).toContainEqual(
    expect.objectContaining({
      rule: 'namespace-missing',
      object: 'Deployment/learnflow-api',
      field: 'metadata.namespace',
    }),
  )
})
