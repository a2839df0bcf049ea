import { join } from 'node:path'
import * as z from 'zod'
import { PlatformError } from '../errors.ts'
import { imagesOf, readImagesLock } from './images.ts'
import { type Fault, manifestsOf, type Rule } from './manifests.ts'
import { readAs, readResources, renderWithSources } from './render.ts'
import { fileOf, idOf, pathText, type Rendered } from './resource.ts'
import { daprRules } from './rules/dapr.ts'
import { edgeRules } from './rules/edge.ts'
import { engineRules } from './rules/engines.ts'
import { podRules } from './rules/pods.ts'
import { referenceRules } from './rules/references.ts'

const rules: readonly Rule[] = [podRules, referenceRules, engineRules, daprRules, edgeRules]

/** A fault of the manifests: the rule, the file to mend, the object, and the field as `spec.template.spec.containers[0].image`. */
export interface Finding {
  rule: string
  file: string
  object: string
  field: string
  message: string
}

const Secrets = z.record(
  z.string(),
  z.strictObject({
    keys: z.array(z.string()).min(1),
    labels: z.record(z.string(), z.string()).optional(),
    made_by: z.string(),
  }),
)
export type Secrets = z.infer<typeof Secrets>

/** The Secrets that are made where the platform is deployed, by name. @throws INVALID_INPUT */
export async function readSecrets(folder: string): Promise<Secrets> {
  return readAs(join(folder, 'secrets.yaml'), Secrets)
}

const findingOf = ({ rule, in: rendered, path, message }: Fault): Finding => ({
  rule,
  file: fileOf(rendered, path),
  object: idOf(rendered.resource),
  field: pathText(path),
  message,
})

/** Every fault of the objects of one overlay, which go together. `folder` has the list of images and of Secrets. */
export async function checkObjects(all: readonly Rendered[], folder: string): Promise<Finding[]> {
  const [lock, secrets] = await Promise.all([readImagesLock(folder), readSecrets(folder)])
  const made = Object.fromEntries(Object.entries(secrets).map(([name, { keys }]) => [name, keys]))
  const manifests = manifestsOf(all, made, [...lock.pulled, ...lock.built])
  return rules.flatMap(rule => [...rule(manifests)].map(findingOf))
}

/** Every fault of a text of objects, such as `kubectl kustomize` writes. @throws INVALID_INPUT */
export async function checkText(text: string, file: string, folder: string): Promise<Finding[]> {
  return checkObjects(readResources(text, file), folder)
}

/** Every fault of an overlay; what cannot be rendered is one. */
export async function checkOverlay(overlay: string, folder: string): Promise<{ objects: number; findings: Finding[] }> {
  try {
    const all = await renderWithSources(join(folder, 'overlays', overlay))
    return { objects: all.length, findings: await checkObjects(all, folder) }
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error
    const [, file = overlay, message = error.message] = /^(\S+?): (.*)$/s.exec(error.message) ?? []
    return { objects: 0, findings: [{ rule: 'not-rendered', file, object: `overlay ${overlay}`, field: '', message }] }
  }
}

/** Images of the list that none of these overlays names. */
export async function unusedImages(overlays: readonly string[], folder: string): Promise<Finding[]> {
  const rendered = await Promise.all(overlays.map(async name => renderWithSources(join(folder, 'overlays', name))))
  const used = new Set(rendered.flat().flatMap(({ resource }) => imagesOf(resource).map(({ image }) => image)))
  const lock = await readImagesLock(folder)
  return (['pulled', 'built'] as const).flatMap(part =>
    lock[part].flatMap((image, at) =>
      used.has(image)
        ? []
        : [
            {
              rule: 'image-unused',
              file: join(folder, 'images.lock'),
              object: image,
              field: `${part}[${at}]`,
              message: 'no overlay names it',
            },
          ],
    ),
  )
}
