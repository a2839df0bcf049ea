import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { parse, parseAllDocuments } from 'yaml'
import * as z from 'zod'
import { PlatformError } from '../errors.ts'
import { applyJsonPatch, applyMergePatch, JsonPatch } from './patch.ts'
import { isNamespaced, type Path, type Rendered, Resource, valueAt } from './resource.ts'
import { selectsByText } from './selector.ts'

/** What of kustomize the manifests use. Another field is an error, so that nothing is silently rendered otherwise. */
const Kustomization = z.strictObject({
  apiVersion: z.enum(['kustomize.config.k8s.io/v1beta1', 'kustomize.config.k8s.io/v1alpha1']),
  kind: z.enum(['Kustomization', 'Component']),
  namespace: z.string().optional(),
  labels: z.array(z.strictObject({ pairs: z.record(z.string(), z.string()) })).default([]),
  resources: z.array(z.string()).default([]),
  components: z.array(z.string()).default([]),
  images: z
    .array(
      z.strictObject({
        name: z.string(),
        newName: z.string().optional(),
        newTag: z.string().optional(),
        digest: z.string().optional(),
      }),
    )
    .default([]),
  patches: z
    .array(
      z.strictObject({
        path: z.string().optional(),
        patch: z.string().optional(),
        target: z
          .strictObject({
            kind: z.string().optional(),
            name: z.string().optional(),
            labelSelector: z.string().optional(),
          })
          .optional(),
      }),
    )
    .default([]),
})
type Kustomization = z.infer<typeof Kustomization>
type Patch = Kustomization['patches'][number]

const wrong = (file: string, what: string, cause?: unknown): PlatformError =>
  new PlatformError('INVALID_INPUT', `${file}: ${what}`, { hint: `Mend ${file}.`, cause })

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw wrong(file, 'cannot be read', cause)
  })
}

/** The objects of a text of YAML documents. @throws INVALID_INPUT with the file and the line or field */
export function readResources(text: string, file: string): Rendered[] {
  return parseAllDocuments(text).flatMap(document => {
    const [fault] = document.errors
    if (fault !== undefined) throw wrong(file, fault.message.split('\n')[0] ?? '')
    const body: unknown = document.toJS()
    if (body === null) return []
    const read = Resource.safeParse(body)
    if (!read.success) throw wrong(file, z.prettifyError(read.error))
    return [{ resource: read.data, sources: [{ file, sets: (path: Path) => valueAt(body, path) !== undefined }] }]
  })
}

/**
 * Renders a folder as `kubectl kustomize` does, for the fields that the manifests use.
 * @throws INVALID_INPUT with the file, also for a field that is not among them
 */
export async function renderOverlay(folder: string): Promise<Resource[]> {
  return (await renderWithSources(folder)).map(({ resource }) => resource)
}

/** The same, and for each object the files that it comes from. */
export async function renderWithSources(folder: string): Promise<Rendered[]> {
  return accumulate(resolve(folder), 'Kustomization', [])
}

async function accumulate(folder: string, kind: Kustomization['kind'], into: readonly Rendered[]): Promise<Rendered[]> {
  const file = join(folder, 'kustomization.yaml')
  const data = await readAs(file, Kustomization)
  if (data.kind !== kind) throw wrong(file, `is a ${data.kind}, not a ${kind}`)
  let all = [...into]
  for (const name of data.resources) all.push(...(await resourcesAt(join(folder, name))))
  for (const name of data.components) all = await accumulate(join(folder, name), 'Component', all)
  for (const patch of data.patches) all = await patched(all, patch, folder, file)
  return all.map(rendered => ({ ...rendered, resource: transformed(rendered.resource, data) }))
}

/** @throws INVALID_INPUT naming the file */
function yamlOf(text: string, file: string): unknown {
  try {
    return parse(text)
  } catch (cause) {
    throw wrong(file, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

/** A file of YAML as what it has to be. @throws INVALID_INPUT naming the file and what is wrong in it */
export async function readAs<Body>(file: string, schema: z.ZodType<Body>): Promise<Body> {
  const read = schema.safeParse(yamlOf(await textOf(file), file))
  if (read.success) return read.data
  throw wrong(file, z.prettifyError(read.error))
}

async function resourcesAt(path: string): Promise<Rendered[]> {
  const there = await stat(path).catch((cause: unknown) => {
    throw wrong(path, 'is not there', cause)
  })
  return there.isDirectory() ? accumulate(path, 'Kustomization', []) : readResources(await textOf(path), path)
}

async function patched(all: readonly Rendered[], patch: Patch, folder: string, by: string): Promise<Rendered[]> {
  const file = patch.path === undefined ? by : join(folder, patch.path)
  const body = yamlOf(patch.path === undefined ? (patch.patch ?? '') : await textOf(file), file)
  const change = changeOf(body, file)
  const target = targetOf(patch, body)
  let hits = 0
  const changed = all.map(rendered => {
    const before = rendered.resource
    if (!isTarget(before, target)) return rendered
    hits += 1
    const after = change(before)
    const sets = (path: Path): boolean => !isDeepStrictEqual(valueAt(before, path), valueAt(after, path))
    return { resource: after, sources: [...rendered.sources, { file, sets }] }
  })
  if (hits === 0) throw wrong(file, `patches nothing: there is no ${JSON.stringify(target)}`)
  return changed
}

function changeOf(body: unknown, file: string): (resource: Resource) => Resource {
  if (!Array.isArray(body)) {
    const read = Resource.safeParse(body)
    if (!read.success) throw wrong(file, z.prettifyError(read.error))
    return resource => applyMergePatch(resource, read.data)
  }
  const read = JsonPatch.safeParse(body)
  if (!read.success) throw wrong(file, z.prettifyError(read.error))
  return resource => {
    try {
      return applyJsonPatch(resource, read.data)
    } catch (cause) {
      throw wrong(file, `cannot patch ${resource.kind} ${resource.metadata.name}: ${(cause as Error).message}`, cause)
    }
  }
}

/** A patch without a target is for the object of its own kind and name. */
function targetOf({ target }: Patch, body: unknown): NonNullable<Patch['target']> {
  if (target !== undefined || Array.isArray(body)) return target ?? {}
  const { kind, metadata } = body as Resource
  return { kind, name: metadata.name }
}

const isTarget = ({ kind, metadata }: Resource, target: NonNullable<Patch['target']>): boolean =>
  (target.kind === undefined || new RegExp(`^(?:${target.kind})$`).test(kind)) &&
  (target.name === undefined || new RegExp(`^(?:${target.name})$`).test(metadata.name)) &&
  (target.labelSelector === undefined || selectsByText(target.labelSelector, metadata.labels ?? {}))

function transformed(resource: Resource, { namespace, labels, images }: Kustomization): Resource {
  const copy = images.length === 0 ? structuredClone(resource) : (withImages(resource, images) as Resource)
  if (namespace !== undefined) {
    if (copy.kind === 'Namespace') copy.metadata.name = namespace
    else if (isNamespaced(copy)) copy.metadata.namespace = namespace
  }
  if (labels.length > 0) copy.metadata.labels = Object.assign({}, copy.metadata.labels, ...labels.map(one => one.pairs))
  return copy
}

/** Every `image` of a container, under its new name. */
function withImages(value: unknown, images: Kustomization['images'], field = ''): unknown {
  if (Array.isArray(value)) return value.map(item => withImages(item, images, field))
  if (typeof value !== 'object' || value === null) return value
  const inContainer = /^(?:c|initC)ontainers$/.test(field)
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      inContainer && name === 'image' ? renamed(String(inner), images) : withImages(inner, images, name),
    ]),
  )
}

function renamed(image: string, images: Kustomization['images']): string {
  const [, name = image, rest = ''] = /^(.+?)([:@][^/]*)?$/.exec(image) ?? []
  const change = images.find(one => one.name === name)
  if (change === undefined) return image
  const { newName = name, newTag, digest } = change
  return newName + (digest !== undefined ? `@${digest}` : newTag !== undefined ? `:${newTag}` : rest)
}
