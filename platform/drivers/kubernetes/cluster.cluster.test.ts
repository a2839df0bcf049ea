import { writeFile } from 'node:fs/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { clusterContract, kubectlOn } from '../../contract/cluster.ts'
import { freePorts } from '../../engines/ports.ts'
import '../../engines/cluster-setup.ts'
import { kubernetesCluster } from './all.ts'

const { kubeconfig, nobody, kubectl, missing } = inject('cluster')

describe.skipIf(missing !== undefined)(missing === undefined ? 'on an API server' : `needs ${missing}`, () => {
  clusterContract({
    open: ({ nobody: asNobody, ...options } = {}) =>
      kubernetesCluster({ kubeconfig: asNobody === true ? nobody : kubeconfig, ...options }),
    kubectl: kubectlOn(kubectl, kubeconfig),
  })

  test('an API server that is not there, and a kubeconfig that is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'learnflow-kubeconfig-'))
    onTestFinished(async () => rm(folder, { recursive: true, force: true }))
    const [port] = await freePorts(1)
    const file = join(folder, 'config')
    const config = {
      clusters: [{ name: 'c', cluster: { server: `https://127.0.0.1:${port}` } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'mine' } }],
      'current-context': 'x',
    }
    await writeFile(file, JSON.stringify(config))
    const cluster = kubernetesCluster({ kubeconfig: file })
    expect(cluster.namespace).toBe('mine')
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } }
    await expect(cluster.read(secret)).rejects.toMatchObject({ code: 'DEPENDENCY_DOWN' })
    expect(() => kubernetesCluster({ kubeconfig: join(folder, 'none') })).toThrow(/cannot be read/)
  })
})
