/** An object as a manifest has it. Without a namespace it goes into that of the port, if its kind has namespaces. */
export interface Resource {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string | undefined
    labels?: Readonly<Record<string, string>> | undefined
    [field: string]: unknown
  }
  [field: string]: unknown
}

/**
 * What becomes of an object. `replaced`: it is deleted and made anew, because its kind cannot be changed (the template
 * of a Job).
 */
export type Change = 'created' | 'configured' | 'replaced' | 'unchanged' | 'deleted'

/** One line of a plan. `what`: kind and name, with the namespace where it has one: `Deployment learnflow/api`. */
export interface Changed {
  what: string
  change: Change
}

export interface RemoveOptions {
  /** Kinds that stay. */
  keep?: readonly string[]
  seconds: number
}

/**
 * A Kubernetes cluster, seen through one context of a kubeconfig. What we set is ours by server-side apply under the
 * field manager `learnflow`; nothing is forced.
 * @throws DEPENDENCY_DOWN when the API server does not answer, UNAUTHENTICATED or FORBIDDEN when it refuses us
 */
export interface Cluster extends AsyncDisposable {
  readonly context: string
  readonly server: string
  readonly namespace: string
  /**
   * What `apply` would do, as the API server says in a dry run. In a namespace, or of a kind, that the same resources
   * first make, objects are `created` unseen.
   * @throws what `apply` throws
   */
  plan(resources: readonly Resource[]): Promise<Changed[]>
  /**
   * Makes the objects so, namespaces and definitions first.
   * @throws CONFLICT naming the field manager that owns a field and the field; INVALID_INPUT when the API server or its
   *   admission refuses an object; NOT_FOUND for a kind that it does not know
   */
  apply(resources: readonly Resource[], progress?: (changed: Changed) => void): Promise<Changed[]>
  /**
   * Waits until the workloads among these resources run as they are written and their jobs are complete.
   * @throws CHECK_FAILED with the reason when one does not within `seconds`, earlier where waiting does not help
   */
  rollout(resources: readonly Resource[], seconds: number): Promise<void>
  /** The object as it is; undefined when there is none. */
  read(resource: Resource): Promise<Resource | undefined>
  /**
   * Deletes what we once applied with this label selector and is not among `kept`. With `dryRun` it only tells.
   */
  prune(selector: string, kept: readonly Resource[], dryRun?: boolean): Promise<Changed[]>
  /**
   * Deletes everything with this label selector, and waits until none of it, and no pod of it, is left.
   * @throws DEPENDENCY_DOWN naming what is left after `seconds`
   */
  remove(selector: string, options: RemoveOptions): Promise<Changed[]>
}
