import type { Resource } from '../ports/cluster.ts'

const all = { operator: 'Exists' }
export const labels = (name: string) => ({ 'app.kubernetes.io/name': name })

/** What pods with these labels consist of; they go to a node of this type. */
const template = (name: string, node: string, image = 'learnflow/test:1') => ({
  metadata: { labels: labels(name) },
  spec: {
    nodeSelector: { type: node },
    tolerations: [all],
    containers: [{ name: 'main', image, ports: [{ name: 'http', containerPort: 8787 }] }],
  },
})

export const deployment = (
  name: string,
  { node = 'kwok', replicas = 1, image = 'learnflow/test:1' } = {},
): Resource => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels: labels(name) },
  spec: {
    replicas,
    progressDeadlineSeconds: 600,
    selector: { matchLabels: labels(name) },
    template: template(name, node, image),
  },
})

export const config = (name: string, data: Record<string, string> = { a: '1' }): Resource => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels: labels(name) },
  data,
})

export const namespaceOf = (name: string, more: Record<string, string> = {}): Resource => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { ...labels(name), ...more } },
})

export const job = (name: string, image: string): Resource => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, labels: labels(name) },
  spec: {
    backoffLimit: 0,
    template: {
      ...template(name, 'kwok', image),
      spec: { ...template(name, 'kwok', image).spec, restartPolicy: 'Never' },
    },
  },
})

export const statusPatch = (status: object): string[] => [
  '--subresource=status',
  '--type=merge',
  '-p',
  JSON.stringify({ status }),
]
