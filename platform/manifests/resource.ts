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
