import type { Config } from '../../platform/config.ts'
import { dataPaths } from '../../platform/owner/data-folder.ts'
import { PlatformError } from '../../platform/errors.ts'
import { openSupervisor } from '../../platform/open.ts'
import { localSupervisor } from '../../platform/targets/local/home.ts'
import { failureIn } from '../../platform/targets/log-tail.ts'
import { disk, door, type MachineFinding as Look, lockState, node, sandbox, versions } from '../platform-up/machine.ts'
import { apiProcess } from '../platform-up/local.ts'
import { type Found, supervised } from '../../platform/targets/running.ts'
import type { Finding } from './finding.ts'

const cause: Readonly<Record<string, string>> = {
  node: 'this Node is too old',
  disk: 'the disk of the data folder',
  folder: 'the data folder is held by a process that does not answer',
  platform: 'the platform runs but is not ready',
  port: 'the port of the API is taken by another program',
  learnflow: 'the platform that runs is of another version than this command',
  sandbox: 'no Python interpreter can be started',
}

const findingOf = ({ name, measured, code, hint }: Look): Finding => ({
  code,
  cause: cause[name] ?? name,
  evidence: measured,
  fix: hint,
})

/** Why a platform is not ready, by its own report. */
function notReady({ health }: Found): string {
  const bad = health?.checks.filter(({ ok }) => !ok) ?? []
  return bad.length === 0 ? '' : `: ${bad.map(({ name, measured }) => `${name} ${measured.slice(0, 60)}`).join(', ')}`
}

/**
 * What prevents the platform from running or answering, checked from outside, the worst first; `up`: how many processes
 * run, for a platform of many processes.
 */
export async function troublesOutside(config: Config, found: Found | undefined, up?: number): Promise<Finding[]> {
  const folder = config.LEARNFLOW_DATA_DIR
  // Starting an interpreter takes seconds, so the interpreter of a running platform is checked from inside.
  const looks = await Promise.all([
    node(),
    disk(config),
    lockState(folder, found),
    // Many processes have a port each, and report themselves when it is taken.
    ...(found === undefined && up !== undefined ? [] : [door(config, found)]),
    versions(found),
    ...(found === undefined ? [sandbox(config)] : []),
  ])
  const bad = looks
    .filter(({ ok }) => !ok)
    .map(look =>
      look.name === 'platform' && found !== undefined ? { ...look, measured: look.measured + notReady(found) } : look,
    )
  return found === undefined
    ? [...bad.map(findingOf), await (up === undefined ? whyDown(folder) : whyManyDown(folder, up))]
    : bad.map(findingOf)
}

/** Why it does not run: its last failure, or that nobody started it. */
async function whyDown(folder: string): Promise<Finding> {
  const { status, last_exit: exit, restarts } = await openSupervisor(folder).status(supervised)
  const said = await failureIn(dataPaths(folder).log, 0)
  const ended = exit === undefined ? '' : `, ended ${exit.at} with ${exit.signal ?? exit.code}`
  const evidence = `${status}${ended}${restarts === 0 ? '' : `, ${restarts} restarts`}${said === undefined ? '' : `; its log: ${said.code}: ${said.message.slice(0, 160)}`}`
  const failed = status === 'crash_loop' || (exit !== undefined && exit.code !== 0)
  const hint =
    said instanceof PlatformError && failed ? `${said.hint.slice(0, 120)}; then learnflow up` : 'learnflow up'
  return { code: 'NOT_RUNNING', cause: `no platform runs on ${folder}`, evidence, fix: hint }
}

/** The same for a platform of many processes, with the last failure of each. */
async function whyManyDown(folder: string, up: number): Promise<Finding> {
  const { status, last_exit: exit } = await localSupervisor(folder).status(apiProcess)
  const ended = exit === undefined ? '' : `, ended ${exit.at} with ${exit.signal ?? exit.code}`
  const cause = up === 0 ? `no platform runs on ${folder}` : `the API of the platform on ${folder} does not run`
  return {
    code: 'NOT_RUNNING',
    cause,
    evidence: `${up} processes run; ${apiProcess} ${status}${ended}`,
    fix: 'learnflow up --target local',
  }
}
