import { PlatformError } from '../../errors.ts'
import type { Resource } from '../../ports/cluster.ts'
import type { Api } from './api.ts'

/** A kind as the API server serves it. */
export interface Kind {
  apiVersion: string
  kind: string
  /** Its name in paths. */
  plural: string
  namespaced: boolean
  verbs: readonly string[]
}

interface ResourceList {
  resources: { name: string; kind: string; namespaced: boolean; verbs: string[] }[]
}
interface Groups {
  groups: { preferredVersion: { groupVersion: string } }[]
}

const rootOf = (apiVersion: string): string => (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`)

/** The kinds of an API server; those of a version are kept once they were seen. */
export class Kinds {
  private readonly api: Api
  private readonly namespace: string
  private readonly known = new Map<string, readonly Kind[]>()
  constructor(api: Api, namespace: string) {
    this.api = api
    this.namespace = namespace
  }

  /** The kind of a resource; undefined when the server does not know it. */
  async find({ apiVersion, kind }: Pick<Resource, 'apiVersion' | 'kind'>): Promise<Kind | undefined> {
    const named = (kinds: readonly Kind[]) => kinds.find(one => one.kind === kind)
    // A definition may have been added since.
    return named(this.known.get(apiVersion) ?? []) ?? named(await this.of(apiVersion))
  }

  /** @throws NOT_FOUND for a kind that the server does not know */
  async demand(resource: Pick<Resource, 'apiVersion' | 'kind'>): Promise<Kind> {
    const { apiVersion, kind } = resource
    return (
      (await this.find(resource)) ??
      Promise.reject(
        new PlatformError('NOT_FOUND', `the cluster does not know the kind ${kind} of ${apiVersion}`, {
          hint: 'Install what defines it (an operator) first.',
        }),
      )
    )
  }

  /** Every kind that can be listed and deleted. */
  async all(): Promise<Kind[]> {
    const { groups } = await this.api.ask<Groups>('/apis')
    const versions = ['v1', ...groups.map(({ preferredVersion }) => preferredVersion.groupVersion)]
    const kinds = (await Promise.all(versions.map(async version => this.of(version)))).flat()
    return kinds.filter(({ verbs }) => verbs.includes('list') && verbs.includes('delete'))
  }

  /** The namespace of a resource of this kind; undefined when the kind has none. */
  namespaceOf({ namespaced }: Kind, { metadata }: Pick<Resource, 'metadata'>): string | undefined {
    return namespaced ? (metadata.namespace ?? this.namespace) : undefined
  }

  /** The path of all of a kind, in one namespace or everywhere. */
  listPath({ apiVersion, plural }: Kind, namespace?: string): string {
    const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`
    return `${rootOf(apiVersion)}${within}/${plural}`
  }

  path(kind: Kind, resource: Resource): string {
    return `${this.listPath(kind, this.namespaceOf(kind, resource))}/${encodeURIComponent(resource.metadata.name)}`
  }

  /** As a person reads it. */
  name(kind: Kind, resource: Resource): string {
    const namespace = this.namespaceOf(kind, resource)
    return `${kind.kind} ${namespace === undefined ? '' : `${namespace}/`}${resource.metadata.name}`
  }

  private async of(apiVersion: string): Promise<readonly Kind[]> {
    const list = await this.api.ask<ResourceList>(rootOf(apiVersion)).catch((error: unknown) => {
      if (error instanceof PlatformError && error.code === 'NOT_FOUND') return { resources: [] }
      throw error
    })
    const kinds = list.resources
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, namespaced, verbs }) => ({ apiVersion, kind, plural: name, namespaced, verbs }))
    this.known.set(apiVersion, kinds)
    return kinds
  }
}
