import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { enginesFolder } from '../config.ts'
import '../engines/cluster-setup.ts'
import { renderOverlay } from './render.ts'
import { manifestsFolder, type Resource } from './resource.ts'

const { kubeconfig, kubectl, missing } = inject('cluster')
/** What bin/tools/definitions.sh writes. */
const definitions = join(enginesFolder(), 'definitions')
/** No package registry has the definition of this one. */
const unknown = new Set(['PodMonitor'])
const base = join(manifestsFolder, 'kubernetes', 'base')

const ask = async (args: readonly string[], input = '') =>
  execa(kubectl, [`--kubeconfig=${kubeconfig}`, ...args], { input, reject: false })

/** What the API server says to the objects, of which it keeps none: how many it took, and each warning and refusal. */
async function admitted(objects: readonly Resource[]): Promise<{ taken: number; said: string[] }> {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })
  const { stdout, stderr } = await ask(
    ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-'],
    text,
  )
  return { taken: stdout.split('\n').filter(Boolean).length, said: stderr.split('\n').filter(Boolean) }
}

/** The objects whose kinds the API server can know here. */
const known = (objects: readonly Resource[]): Resource[] =>
  objects.filter(({ apiVersion, kind }) =>
    existsSync(definitions)
      ? !unknown.has(kind)
      : /^(?:v1|(?:apps|batch|policy)\/v1|networking\.k8s\.io\/v1)$/.test(apiVersion),
  )

const overlay = async (name: string): Promise<Resource[]> =>
  known(await renderOverlay(join(manifestsFolder, 'kubernetes', 'overlays', name)))

describe.skipIf(missing !== undefined)(missing === undefined ? 'on an API server' : `needs ${missing}`, () => {
  beforeAll(async () => {
    if (existsSync(definitions)) {
      expect((await ask(['apply', '--server-side', '-f', definitions])).exitCode).toBe(0)
      expect((await ask(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s'])).exitCode).toBe(0)
    }
    expect((await ask(['apply', '--server-side', '-f', join(base, 'namespace.yaml')])).exitCode).toBe(0)
  })
  afterAll(async () => {
    await ask(['delete', '-f', join(base, 'namespace.yaml')])
    if (existsSync(definitions)) await ask(['delete', '-f', definitions])
  })

  test.for(['dev', 'production', 'ci'])('%s is admitted into a restricted namespace, without a warning', async name => {
    const objects = await overlay(name)
    expect(objects.length).toBeGreaterThan(40)
    expect(await admitted(objects)).toEqual({ taken: objects.length, said: [] })
  })

  test.for([
    [
      'a pod that is not restricted',
      'runAsNonRoot: true',
      'runAsNonRoot: false',
      /would violate PodSecurity "restricted/,
    ],
    [
      'a field that is not there',
      'livenessProbe:',
      'livenesProbe:',
      /unknown field "livenesProbe"|livenesProbe: field not declared/,
    ],
    ['a quantity that is none', 'memory: 1Gi', 'memory: 1GB', /quantit/],
  ] as const)('%s is told', async ([, from, to, told]) => {
    const objects = (await overlay('dev')).filter(({ metadata }) => metadata.name === 'learnflow-api')
    const changed = objects.map(
      object => JSON.parse(JSON.stringify(object).replaceAll(quoted(from), quoted(to))) as Resource,
    )
    expect(changed).not.toEqual(objects)
    expect((await admitted(changed)).said.join('\n')).toMatch(told)
  })
})

/** `name: value` as JSON has it. */
const quoted = (text: string): string => {
  const [name, value = ''] = text.split(/: ?/)
  return `"${name}":${/^(?:true|false|)$/.test(value) ? value : `"${value}"`}`
}
