import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { kubectlOn } from '../contract/cluster.ts'
import { kubernetesCluster } from '../drivers/kubernetes/all.ts'
import '../engines/cluster-setup.ts'
import { renderOverlay } from './render.ts'
import { manifestsFolder } from './resource.ts'

const { kubeconfig, kubectl, missing } = inject('cluster')
const overlay = async (name: string) => renderOverlay(join(manifestsFolder, 'kubernetes', 'overlays', name))
const ofOperators = /\.(?:dapr|strimzi|cnpg|keda|konghq|coreos)\.|^(?:dapr|keda|gateway)\./

describe.skipIf(missing !== undefined)(missing === undefined ? 'on an API server' : `needs ${missing}`, () => {
  const cluster = kubernetesCluster({ kubeconfig, namespace: 'learnflow' })
  const asAnother = kubectlOn(kubectl, kubeconfig)

  test.each(['dev', 'ci', 'production'])(
    'the overlay %s is taken by the API server, its pods by restricted Pod Security, and a second time changes nothing',
    async name => {
      await using stack = new AsyncDisposableStack()
      stack.defer(async () => void (await cluster.remove('app.kubernetes.io/part-of=learnflow', { seconds: 120 })))
      const all = await overlay(name)
      const own = all.filter(({ apiVersion }) => !ofOperators.test(apiVersion))
      expect(own.length).toBeGreaterThan(20)
      expect((await cluster.plan(own)).every(({ change }) => change === 'created')).toBe(true)
      await cluster.apply(own)
      expect(await asAnother(['get', 'namespace', 'learnflow', '-o', 'jsonpath={.metadata.labels}'])).toContain(
        '"pod-security.kubernetes.io/enforce":"restricted"',
      )
      expect((await cluster.plan(own)).filter(({ change }) => change !== 'unchanged')).toEqual([])
      // Their pods run nothing on a played node, but each of them was admitted.
      await cluster.rollout(
        own.filter(({ kind }) => kind === 'Deployment'),
        120,
      )
      const events = await asAnother(['-n', 'learnflow', 'get', 'events', '--field-selector', 'reason=FailedCreate'])
      expect(events).not.toContain('violates')
      for (const { metadata } of own.filter(({ kind }) => kind === 'StatefulSet'))
        expect(await asAnother(['-n', 'learnflow', 'get', 'pod', `${metadata.name}-0`, '-o', 'name'])).toBe(
          `pod/${metadata.name}-0`,
        )
    },
  )
})
