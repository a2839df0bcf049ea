import { randomUUID } from 'node:crypto'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import type { Cluster, Resource } from '../ports/cluster.ts'
import { config, deployment, job, labels, namespaceOf, statusPatch } from './cluster-objects.ts'

interface Place {
  open(options?: { namespace?: string; context?: string; nobody?: true }): Cluster
  /** Runs kubectl on the same cluster as somebody else, with this as its input. */
  kubectl(args: readonly string[], input?: object): Promise<string>
}

/** The suite of a driver of `Cluster`, on a real API server with the controllers and a scheduler. */
export function clusterContract(place: Place): void {
  const fresh = async (more: Record<string, string> = {}) => {
    const name = `lf-${randomUUID().slice(0, 8)}`
    const cluster = place.open({ namespace: name })
    await cluster.apply([namespaceOf(name, more)])
    return {
      name,
      cluster,
      [Symbol.asyncDispose]: async () => void (await cluster.remove(`app.kubernetes.io/name=${name}`, { seconds: 60 })),
    }
  }
  const failure = async (work: Promise<unknown>): Promise<{ code: string; message: string }> =>
    work.then(
      () => ({ code: 'none', message: 'it did not fail' }),
      (error: unknown) => error as { code: string; message: string },
    )
  /** A node that nobody plays: what its pods say, the test says. */
  const silentNode = async (type: string) =>
    place.kubectl(['apply', '-f', '-'], {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: `node-${type}`, labels: { type } },
      status: {
        allocatable: { cpu: '8', memory: '8Gi', pods: '50' },
        capacity: { cpu: '8', memory: '8Gi', pods: '50' },
      },
    })
  const podOf = async (namespace: string, name: string): Promise<string> => {
    const args = ['-n', namespace, 'get', 'pods', '-l', `app.kubernetes.io/name=${name}`, '-o', 'name']
    await expect.poll(async () => place.kubectl(args)).toMatch(/^pod\//)
    return (await place.kubectl(args)).trim()
  }

  test('the plan is what the API server says, and makes nothing', async () => {
    const name = `lf-${randomUUID().slice(0, 8)}`
    const cluster = place.open({ namespace: name })
    const wanted = [deployment('app'), config('settings'), namespaceOf(name)]
    const lines = (change: string) => [
      { what: `Namespace ${name}`, change },
      { what: expect.stringMatching(/^ConfigMap .*settings$/), change },
      { what: expect.stringMatching(/^Deployment .*app$/), change },
    ]
    expect(await cluster.plan(wanted)).toEqual(lines('created'))
    expect(await cluster.read(namespaceOf(name))).toBeUndefined()
    expect(await cluster.apply(wanted)).toEqual(lines('created'))
    expect(await cluster.plan(wanted)).toEqual(lines('unchanged'))
    expect(await cluster.apply(wanted)).toEqual(lines('unchanged'))
    const changed = [deployment('app', { replicas: 2 }), config('settings')]
    const after = [
      { what: `ConfigMap ${name}/settings`, change: 'unchanged' },
      { what: `Deployment ${name}/app`, change: 'configured' },
    ]
    expect(await cluster.plan(changed)).toEqual(after)
    expect(await cluster.read(deployment('app'))).toMatchObject({ spec: { replicas: 1 } })
    expect(await cluster.apply(changed)).toEqual(after)
    await cluster.remove(`app.kubernetes.io/name=${name}`, { seconds: 60 })
  })

  test('what another field manager has set is refused with its name, and stays', async () => {
    await using home = await fresh()
    await home.cluster.apply([config('shared', { a: '1' })])
    const others = { ...config('shared', { a: 'theirs' }) }
    await place.kubectl(
      ['-n', home.name, 'apply', '--server-side', '--force-conflicts', '--field-manager=them', '-f', '-'],
      others,
    )
    for (const work of ['plan', 'apply'] as const)
      expect(await failure(home.cluster[work]([config('shared', { a: '2' })]))).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringMatching(/\.data\.a is set by them/),
      })
    expect(await home.cluster.read(config('shared'))).toMatchObject({ data: { a: 'theirs' } })
  })

  test('a field that there is not and a value of another type are refused, by name', async () => {
    await using home = await fresh()
    const { spec, ...rest } = deployment('app')
    const misspelt = { ...rest, spec: { ...(spec as object), replcas: 2 } }
    expect(await failure(home.cluster.plan([misspelt]))).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('replcas'),
    })
    expect(await failure(home.cluster.plan([deployment('app', { replicas: 'two' as never })]))).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('replicas'),
    })
    const unknown = { apiVersion: 'no.such.group/v1', kind: 'Nothing', metadata: { name: 'x' } }
    expect(await failure(home.cluster.plan([unknown]))).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('a rollout ends when the pods of the new template are ready', async () => {
    await using home = await fresh()
    const wanted = [deployment('app', { replicas: 3 }), config('settings')]
    await home.cluster.apply(wanted)
    await home.cluster.rollout(wanted, 60)
    expect(await home.cluster.read(deployment('app'))).toMatchObject({ status: { availableReplicas: 3 } })
    const next = [deployment('app', { replicas: 3, image: 'learnflow/test:2' })]
    await home.cluster.apply(next)
    await home.cluster.rollout(next, 60)
    expect(await home.cluster.read(deployment('app'))).toMatchObject({ status: { updatedReplicas: 3, replicas: 3 } })
  })

  test.each([
    [
      'the image',
      { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } },
      {},
      /cannot get the image of main \(ImagePullBackOff: no such image/,
    ],
    [
      'a crash',
      { waiting: { reason: 'CrashLoopBackOff' } },
      { terminated: { exitCode: 3, reason: 'Error' } },
      /ends again and again, with code 3/,
    ],
    [
      'its memory',
      { waiting: { reason: 'CrashLoopBackOff' } },
      { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      /out of memory \(OOMKilled\)/,
    ],
    ['its probe', { running: { startedAt: '2026-01-01T00:00:00Z' } }, {}, /runs and is not ready/],
  ])('a rollout that does not come tells why: %s', async (_, state, lastState, why) => {
    await using home = await fresh()
    await silentNode('silent')
    const wanted = [deployment('app', { node: 'silent' })]
    await home.cluster.apply(wanted)
    const pod = await podOf(home.name, 'app')
    const container = { name: 'main', ready: false, restartCount: 4, image: 'i', imageID: '', state, lastState }
    await expect
      .poll(async () => place.kubectl(['-n', home.name, 'get', pod, '-o', 'jsonpath={.spec.nodeName}']))
      .toBe('node-silent')
    await place.kubectl([
      '-n',
      home.name,
      'patch',
      pod,
      ...statusPatch({ phase: 'Pending', containerStatuses: [container] }),
    ])
    const told = await failure(home.cluster.rollout(wanted, 12))
    expect(told).toMatchObject({ code: 'CHECK_FAILED', message: expect.stringMatching(why) })
    expect(told.message).toMatch(/^Deployment lf-\w+\/app does not come: 0 of 1 pods are ready/)
    await place.kubectl(['-n', home.name, 'delete', 'deployment', 'app'])
    await place.kubectl(['-n', home.name, 'delete', pod, '--force', '--grace-period=0', '--ignore-not-found'])
  })

  test('a rollout that does not come tells why: no node, a quota, admission', async () => {
    await using home = await fresh()
    const nowhere = [deployment('nowhere', { node: 'nowhere' })]
    await home.cluster.apply(nowhere)
    expect((await failure(home.cluster.rollout(nowhere, 3))).message).toMatch(/is not placed: .*node/)
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'none' }, spec: { hard: { pods: '1' } } }
    const many = [deployment('many', { replicas: 2 })]
    await home.cluster.apply([quota, ...many])
    expect((await failure(home.cluster.rollout(many, 30))).message).toMatch(/refused \(quota\): .*exceeded quota/)
    await using strict = await fresh({ 'pod-security.kubernetes.io/enforce': 'restricted' })
    const lax = [deployment('lax')]
    await strict.cluster.apply(lax)
    expect((await failure(strict.cluster.rollout(lax, 30))).message).toMatch(
      /refused \(admission\): .*violates PodSecurity/,
    )
  })

  test('a job whose template changes is made anew', async () => {
    await using home = await fresh()
    const first = job('once', 'learnflow/test:1')
    expect(await home.cluster.apply([first])).toMatchObject([{ change: 'created' }])
    expect(await home.cluster.plan([first])).toMatchObject([{ change: 'unchanged' }])
    const second = job('once', 'learnflow/test:2')
    expect(await home.cluster.plan([second])).toMatchObject([{ change: 'replaced' }])
    expect(await home.cluster.apply([second])).toMatchObject([{ change: 'replaced' }])
    expect(JSON.stringify(await home.cluster.read(second))).toContain('learnflow/test:2')
    await home.cluster.rollout([second], 60)
  })

  test('an object of a kind that the same resources define is applied after it', async () => {
    const group = `lf${randomUUID().slice(0, 8)}.example.com`
    const label = `crd-${group.slice(0, 10)}`
    await using home = await fresh()
    const schema = {
      type: 'object',
      properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
    }
    const definition: Resource = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `things.${group}`, labels: labels(label) },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'things', singular: 'thing', kind: 'Thing' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      },
    }
    const thing: Resource = {
      apiVersion: `${group}/v1`,
      kind: 'Thing',
      metadata: { name: 'one', labels: labels(label) },
      spec: { size: 1 },
    }
    expect((await home.cluster.plan([thing, definition])).map(({ change }) => change)).toEqual(['created', 'created'])
    await home.cluster.apply([thing, definition])
    expect(await home.cluster.read(thing)).toMatchObject({ spec: { size: 1 } })
    await home.cluster.remove(`app.kubernetes.io/name=${label}`, { seconds: 60 })
    expect(await home.cluster.read(definition)).toBeUndefined()
  })

  test('pruning deletes what we applied and no longer want, and nothing of others', async () => {
    await using home = await fresh()
    const part = { 'app.kubernetes.io/part-of': home.name }
    const of = (name: string): Resource => ({ ...config(name), metadata: { name, labels: part } })
    await home.cluster.apply([of('kept'), of('old')])
    await place.kubectl(['-n', home.name, 'apply', '--server-side', '--field-manager=them', '-f', '-'], of('theirs'))
    const gone = [{ what: `ConfigMap ${home.name}/old`, change: 'deleted' }]
    const selector = `app.kubernetes.io/part-of=${home.name}`
    expect(await home.cluster.prune(selector, [of('kept')], true)).toEqual(gone)
    expect(await home.cluster.read(of('old'))).toBeDefined()
    expect(await home.cluster.prune(selector, [of('kept')])).toEqual(gone)
    expect(await home.cluster.read(of('old'))).toBeUndefined()
    expect(await home.cluster.read(of('kept'))).toBeDefined()
    expect(await home.cluster.read(of('theirs'))).toBeDefined()
    expect(await home.cluster.prune(selector, [of('kept')])).toEqual([])
  })

  test('after a removal nothing is left, pods included; what does not end is named', async () => {
    await using home = await fresh()
    const wanted = [deployment('app', { replicas: 2 }), config('app')]
    await home.cluster.apply(wanted)
    await home.cluster.rollout(wanted, 60)
    const removed = await home.cluster.remove('app.kubernetes.io/name=app', { seconds: 60 })
    expect(removed.map(({ what }) => what).toSorted()).toEqual([
      `ConfigMap ${home.name}/app`,
      `Deployment ${home.name}/app`,
    ])
    expect(await place.kubectl(['-n', home.name, 'get', 'pods,replicasets', '-o', 'name'])).toBe('')
    expect(await home.cluster.remove('app.kubernetes.io/name=app', { seconds: 5 })).toEqual([])
    const held = {
      ...config('held'),
      metadata: { name: 'held', labels: labels('held'), finalizers: ['example.com/hold'] },
    }
    await home.cluster.apply([held, config('held-too')])
    expect(await failure(home.cluster.remove('app.kubernetes.io/name=held', { seconds: 1 }))).toMatchObject({
      code: 'DEPENDENCY_DOWN',
      message: expect.stringContaining(`ConfigMap ${home.name}/held (waits for example.com/hold)`),
    })
    await place.kubectl([
      '-n',
      home.name,
      'patch',
      'configmap',
      'held',
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    ])
  })

  test('a context is chosen by name, and a user without rights is refused', async () => {
    const cluster = place.open()
    expect(cluster).toMatchObject({ context: 'test', namespace: 'default', server: expect.stringMatching(/^https:/) })
    expect(() => place.open({ context: 'another' })).toThrow(/has no context another/)
    const nobody = place.open({ nobody: true })
    expect(await failure(nobody.plan([config('x')]))).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('nobody'),
    })
  })
}

/** Runs kubectl on the cluster of a kubeconfig. */
export const kubectlOn =
  (kubectl: string, kubeconfig: string): Place['kubectl'] =>
  async (args, input) => {
    const options = input === undefined ? {} : { input: JSON.stringify(input) }
    return (await execa(kubectl, ['--kubeconfig', kubeconfig, ...args], options)).stdout
  }
