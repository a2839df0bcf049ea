import { mkdir, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { PlatformError } from '../../../platform/errors.ts'
import { printData, printFailure, printLines } from '../../../skills/output.ts'
import {
  type HostName,
  hostNames,
  type Installed,
  installedFile,
  readInstalled,
} from '../../../skills/platform-up/installed.ts'
import { type Host, hostsOf, isThere } from './hosts.ts'
import { carryOut, type Change, type Plan, planInstall, planUninstall } from './plan.ts'
import { unknownName } from '../script.ts'
import { version } from '../../version.ts'
import { counted } from '../../../schemas/counted.ts'

interface InstallOptions {
  host?: string[]
  dryRun?: boolean
  json?: boolean
}

/** The tree this file runs in: the checkout, or `dist` of the installed package. */
const tree = join(import.meta.dirname, '..', '..', '..')
const skills = join(tree, 'skills')
const packageRoot = basename(tree) === 'dist' ? dirname(tree) : tree
const launcher = join(packageRoot, 'bin', 'learnflow.mjs')
const allHosts = (): Host[] => hostsOf(homedir(), process.env, { command: process.execPath, args: [launcher, 'mcp'] })

/** Gives the coding agents of this machine the skills and the MCP server. */
export async function installCommand(options: InstallOptions): Promise<void> {
  await reported(options, async () => {
    const installed = await readInstalled()
    const hosts = chosen(options.host, installed)
    const plan = await planInstall({ home: homedir(), hosts, skills, version, installed })
    const [failure] = plan.failures
    if (failure !== undefined && plan.failures.length === hosts.length) throw failure
    const names = hosts.map(({ name }) => name)
    if (options.dryRun !== true) {
      await carryOut(plan, homedir())
      await record({ version, hosts: names, files: plan.files })
    }
    return { plan, what: `installed for ${names.join(', ')}`, hosts: names }
  })
}

/** Removes everything that was installed, or only what belongs to the named hosts. */
export async function uninstallCommand(options: InstallOptions): Promise<void> {
  await reported(options, async () => {
    const installed = await readInstalled()
    const leaving =
      options.host === undefined
        ? installed?.hosts
        : named(options.host).filter(name => installed?.hosts.includes(name))
    if (installed === undefined || leaving === undefined || leaving.length === 0)
      return { plan: { changes: [], kept: [], files: {}, failures: [] }, what: 'nothing is installed there', hosts: [] }
    const staying = allHosts().filter(({ name }) => installed.hosts.includes(name) && !leaving.includes(name))
    const all = staying.length === 0
    const plan = all ? await planUninstall(installed.files, allHosts()) : await planLeaving(staying, installed)
    if (options.dryRun !== true) {
      await carryOut(plan, homedir())
      const still = allHosts().filter(host => staying.includes(host) || plan.files[host.config] !== undefined)
      if (Object.keys(plan.files).length === 0) await rm(installedFile(), { force: true })
      else await record({ version, hosts: still.map(({ name }) => name), files: plan.files })
    }
    return { plan, what: `uninstalled from ${leaving.join(', ')}`, hosts: leaving }
  })
}

/**
 * Restores the files of the hosts that leave; which folders of skills are needed is decided again for those that stay.
 */
async function planLeaving(staying: readonly Host[], installed: Installed): Promise<Plan> {
  const scene = { home: homedir(), hosts: staying, skills, version, installed }
  const plan = await planInstall(scene)
  const gone = Object.fromEntries(Object.entries(installed.files).filter(([path]) => plan.files[path] === undefined))
  const paths = new Set(Object.keys(gone))
  const { changes } = await planUninstall(gone, allHosts())
  return { ...plan, changes: [...plan.changes.filter(({ path }) => !paths.has(path)), ...changes] }
}

function named(wanted: readonly string[]): HostName[] {
  for (const name of wanted) if (!hostNames.some(known => known === name)) unknownName('host', name, hostNames)
  return hostNames.filter(name => wanted.includes(name))
}

/**
 * The named hosts, or those found, and those that have it already, because who reads which folder is decided for all
 * together.
 */
function chosen(wanted: readonly string[] = [], installed: Installed | undefined): Host[] {
  const hosts = allHosts()
  named(wanted)
  const found = hosts.filter(
    host => (wanted.length === 0 ? isThere(host) : wanted.includes(host.name)) || installed?.hosts.includes(host.name),
  )
  if (found.length === 0)
    throw new PlatformError('NOT_FOUND', `none of ${hostNames.join(', ')} was found in ${homedir()}`, {
      hint: 'Name one with --host: learnflow install --host claude-code',
    })
  return found
}

async function record(installed: Installed): Promise<void> {
  const file = installedFile()
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(file, `${JSON.stringify(installed, null, 2)}\n`, { mode: 0o600 })
}

async function reported(
  { dryRun = false, json = false }: InstallOptions,
  work: () => Promise<{ plan: Plan; what: string; hosts: HostName[] }>,
): Promise<void> {
  try {
    const { plan, what, hosts } = await work()
    const { changes, kept } = plan
    const state = changes.length === 0 ? 'unchanged: ' : dryRun ? `dry run, would change ${changes.length}: ` : ''
    if (json) printData({ changed: changes.length, hosts, files: changes.map(({ path }) => path), kept })
    else
      printLines([
        ...(dryRun ? changes.map(line) : []),
        ...kept.map(text => `kept ${text}`),
        `${state}${what}, ${counted(changes.length, 'file')} changed`,
      ])
    for (const failure of plan.failures) printFailure(failure, false)
  } catch (error) {
    printFailure(error, json)
  }
}

const line = ({ path, text, before }: Change): string =>
  `${text === null ? 'delete' : before === null ? 'write' : 'edit'} ${path}`
