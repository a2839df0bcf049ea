import { existsSync } from 'node:fs'
import { access, constants, readdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import { enginesFolder, searchPath } from '../config.ts'
import { kafkaVersion } from './kafka-jars.ts'

/** Folders where distributions install programs outside PATH, newest version first. */
const distributionFolders = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt']

export const engineNames = ['java', 'kafka', 'redis', 'postgres', 'daprd'] as const
export type EngineName = (typeof engineNames)[number]

export interface FoundEngine {
  name: EngineName
  /** The program or folder; undefined when it is missing. */
  path?: string
  version?: string
  /** The command that installs it. */
  install: string
}

const programs = { java: 'java', redis: 'redis-server', postgres: 'postgres', daprd: 'daprd' } as const

/** It fetches the jars of Kafka. */
const mavenInstall = 'apt-get install -y maven'

const installs: Record<EngineName, string> = {
  java: 'apt-get install -y openjdk-17-jre-headless',
  kafka: 'learnflow platform-up install-engines',
  redis: 'apt-get install -y redis-server',
  postgres: 'apt-get install -y postgresql',
  daprd: `${daprdInstall()}; or do without: LEARNFLOW_DRIVERS=direct`,
}

/** The checkout has a recipe that needs nothing but Go's module registry; the package does without it. */
export function daprdInstall(): string {
  const recipe = join(import.meta.dirname, '..', '..', 'bin', 'tools', 'daprd', 'build.sh')
  return existsSync(recipe)
    ? `${recipe} (builds it with Go and Python 3), or dapr init --slim and ~/.dapr/bin on PATH`
    : 'install the Dapr CLI (https://docs.dapr.io/getting-started/install-dapr-cli/), run dapr init --slim, ' +
        'and put ~/.dapr/bin on PATH'
}

/** The path of a program: in the engines folder, on PATH, or in the distributions' folders. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of [
    join(enginesFolder(), 'bin'),
    ...searchPath().split(delimiter),
    ...(await distributionBins()),
  ]) {
    const path = join(folder, name)
    if (folder !== '' && (await isThere(path, constants.X_OK))) return path
  }
  return undefined
}

async function distributionBins(): Promise<string[]> {
  const found = await Promise.all(
    distributionFolders.map(async folder => {
      if (!(await isThere(folder, constants.R_OK))) return []
      const names = await readdir(folder)
      return names
        .toSorted((one, other) => other.localeCompare(one, 'en', { numeric: true }))
        .map(name => join(folder, name, 'bin'))
    }),
  )
  return found.flat()
}

async function isThere(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  )
}

/** The engines that are on this machine, and how to install the missing ones. */
export async function findEngines(): Promise<FoundEngine[]> {
  return Promise.all(engineNames.map(findEngine))
}

async function findEngine(name: EngineName): Promise<FoundEngine> {
  const install = installs[name]
  if (name === 'kafka') {
    const folder = kafkaFolder()
    if (await isThere(folder, constants.R_OK)) return { name, path: folder, version: kafkaVersion, install }
    return { name, install: `${(await findProgram('mvn')) === undefined ? `${mavenInstall}, then ` : ''}${install}` }
  }
  const path = await findProgram(programs[name])
  if (path === undefined) return { name, install }
  const { stdout } = await execa(path, ['--version'], { reject: false })
  const version = /\d+(?:\.\d+)+/.exec(stdout)?.[0]
  return { name, path, install, ...(version === undefined ? {} : { version }) }
}

/** The folder of Kafka's jars; it exists completely or not at all. */
export const kafkaFolder = (): string => join(enginesFolder(), `kafka-${kafkaVersion}`)
