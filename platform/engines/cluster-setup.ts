import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { TestProject } from 'vitest/node'
import { enginesFolder } from '../config.ts'
import { freePorts } from './ports.ts'

const tool = join(import.meta.dirname, '..', '..', 'bin', 'tools', 'kubernetes')
/** The API server's port and those of the others after it. */
const portCount = 6

export interface TestCluster {
  /** Of an administrator. */
  kubeconfig: string
  /** Of somebody without any right. */
  nobody: string
  kubectl: string
  /** What is not there; then nothing was started. */
  missing: string | undefined
}

declare module 'vitest' {
  interface ProvidedContext {
    cluster: TestCluster
  }
}

/** Starts a control plane with played nodes once for all `*.cluster.test.ts`, and removes it after the last. */
export async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const bin = join(enginesFolder(), 'bin')
  const kubectl = join(bin, 'kubectl')
  const absent = ['hyper', 'kwok', 'kubectl'].filter(name => !existsSync(join(bin, name)))
  if (absent.length > 0) {
    const missing = `${absent.join(', ')} (bin/tools/kubernetes/build.sh)`
    provide('cluster', { kubeconfig: '', nobody: '', kubectl, missing })
    return undefined
  }
  const home = await mkdtemp(join(tmpdir(), 'learnflow-cluster-'))
  const folder = join(home, 'cluster')
  const down = async (): Promise<void> => {
    if (existsSync(join(folder, 'pki'))) await execa(join(tool, 'cluster.sh'), ['down', folder])
    await rm(home, { recursive: true, force: true })
  }
  try {
    await execa(join(tool, 'cluster.sh'), ['up', folder, String(await portRow())])
  } catch (error) {
    await down()
    throw error
  }
  const of = (user: string): string => join(folder, 'pki', `${user}.kubeconfig`)
  provide('cluster', { kubeconfig: of('admin'), nobody: of('nobody'), kubectl, missing: undefined })
  return down
}

/** The first of so many free ports in a row. */
async function portRow(): Promise<number> {
  for (;;) {
    const [first = 0] = await freePorts(1)
    if (first + portCount <= 65_535) return first
  }
}
