import { KubeConfig } from '@kubernetes/client-node'
import { PlatformError } from '../../errors.ts'
import type { Changed, Cluster, Resource } from '../../ports/cluster.ts'
import { openApi } from './api.ts'
import { applyOne, inOrder, isMadeByThem, readOne, untilDefined } from './apply.ts'
import { Kinds } from './kinds.ts'
import { pruneAll, removeAll } from './remove.ts'
import { untilRolledOut } from './rollout.ts'

export interface ClusterOptions {
  /** The kubeconfig; by default `KUBECONFIG`, else `~/.kube/config`, else the service account of the pod. */
  kubeconfig?: string
  /** By default the current one. */
  context?: string
  /** Of objects that name none; by default that of the context. */
  namespace?: string
}

const definedSeconds = 30

/** @throws INVALID_INPUT when the file cannot be read, NOT_FOUND for a context that is not in it */
function load({ kubeconfig, context }: ClusterOptions): KubeConfig {
  const config = new KubeConfig()
  try {
    if (kubeconfig === undefined) config.loadFromDefault()
    else config.loadFromFile(kubeconfig)
  } catch (cause) {
    throw new PlatformError('INVALID_INPUT', `the kubeconfig cannot be read: ${(cause as Error).message}`, {
      hint: 'Name another one, or correct KUBECONFIG.',
      cause,
    })
  }
  if (context !== undefined) {
    if (config.getContextObject(context) === null)
      throw new PlatformError('NOT_FOUND', `the kubeconfig has no context ${context}`, {
        hint: `It has: ${config
          .getContexts()
          .map(({ name }) => name)
          .join(', ')}.`,
      })
    config.setCurrentContext(context)
  }
  return config
}

/** The cluster of a context. Connects on first use. @throws INVALID_INPUT, NOT_FOUND */
export function kubernetesCluster(options: ClusterOptions): Cluster {
  const config = load(options)
  const context = config.getCurrentContext()
  const namespace = options.namespace ?? config.getContextObject(context)?.namespace ?? 'default'
  const api = openApi(config)
  const tools = { api, kinds: new Kinds(api, namespace) }
  return {
    context,
    server: api.server,
    namespace,
    async plan(resources) {
      const changes: Changed[] = []
      for (const resource of inOrder(resources)) changes.push(await planned(resource, resources))
      return changes
    },
    async apply(resources, progress = () => {}) {
      const changes: Changed[] = []
      for (const resource of inOrder(resources)) {
        const changed = await applyOne(tools, resource, false)
        await untilDefined(tools, resource, definedSeconds)
        progress(changed)
        changes.push(changed)
      }
      return changes
    },
    rollout: async (resources, seconds) => untilRolledOut(tools, resources, seconds),
    read: async resource => readOne(tools, resource),
    prune: async (selector, kept, dryRun = false) => pruneAll(tools, selector, kept, dryRun),
    remove: async (selector, removal) => removeAll(tools, selector, removal),
    [Symbol.asyncDispose]: async () => {},
  }

  async function planned(resource: Resource, all: readonly Resource[]): Promise<Changed> {
    if (!(await isMadeByThem(tools, resource, all))) return applyOne(tools, resource, true)
    const { kind, metadata } = resource
    const within = metadata.namespace === undefined ? '' : `${metadata.namespace}/`
    return { what: `${kind} ${within}${metadata.name}`, change: 'created' }
  }
}
