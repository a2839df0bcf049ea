import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'

/** The folder of everything that is deployed. */
export const manifestsFolder = fileURLToPath(new URL('../../manifests', import.meta.url))

/** An object as the API server takes it; what else it has depends on its kind. */
export const Resource = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
})
export type Resource = z.infer<typeof Resource>

/** A place in an object: names of fields and indexes of lists. */
export type Path = readonly (string | number)[]

/** A file that made an object, or changed it, and the fields it set. */
export interface Source {
  file: string
  sets(path: Path): boolean
}

/** An object of a rendered overlay and the files it comes from, its own first, then the patches in their order. */
export interface Rendered {
  resource: Resource
  sources: readonly Source[]
}

/** Kinds that belong to no namespace, of those that the manifests use or may use. */
const clusterScoped = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'GatewayClass',
  'KongClusterPlugin',
  'Namespace',
  'PersistentVolume',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
])
export const isNamespaced = ({ kind }: Pick<Resource, 'kind'>): boolean => !clusterScoped.has(kind)

/** What stands at a place; undefined when nothing does. */
export function valueAt(body: unknown, path: Path): unknown {
  let value = body
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}

/** `spec.containers[0].image`. */
export const pathText = (path: Path): string =>
  path.map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${step}`)).join('')

/** The file to mend: the last patch that changed the field, else the object's own. */
export function fileOf({ sources }: Rendered, path: Path): string {
  const [own, ...patches] = sources
  return (patches.findLast(patch => patch.sets(path)) ?? own)?.file ?? ''
}

/** A value and its place. */
export interface Placed<Value = Record<string, unknown>> {
  value: Value
  path: Path
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The map at a place; empty when there is none. */
export function mapAt(body: unknown, path: Path): Record<string, unknown> {
  const value = valueAt(body, path)
  return isObject(value) ? value : {}
}

/** The maps of a list, each with its place; none when there is no list. */
export function itemsAt(body: unknown, path: Path): Placed[] {
  const list = valueAt(body, path)
  return (Array.isArray(list) ? list : []).flatMap((value: unknown, at) =>
    isObject(value) ? [{ value, path: [...path, at] }] : [],
  )
}

/** Every map with a field of this name, wherever it is in the object. */
export function holdersOf(body: unknown, field: string, path: Path = []): Placed[] {
  if (typeof body !== 'object' || body === null) return []
  const own = isObject(body) && field in body ? [{ value: body, path }] : []
  const inner = Object.entries(body).flatMap(([name, value]) =>
    holdersOf(value, field, [...path, Array.isArray(body) ? Number(name) : name]),
  )
  return [...own, ...inner]
}

/** `Deployment/learnflow-api`. */
export const idOf = ({ kind, metadata }: Resource): string => `${kind}/${metadata.name}`

/** The path of a file as a person who stands in the folder writes it; one outside of it as it is. */
export const shortFile = (file: string, folder: string): string => {
  const short = relative(folder, file)
  return short.startsWith('..') ? file : short
}
