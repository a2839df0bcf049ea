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

/** A platform that is not ready says of what. */
function notReady({ health }: Found): string {
  const bad = health?.checks.filter(({ ok }) => !ok) ?? []
  return bad.length === 0 ? '' : `: ${bad.map(({ name, measured }) => `${name} ${measured.slice(0, 60)}`).join(', ')}`
}

/** What keeps the platform from running or answering, seen from outside, the worst first; `up`: how many processes of one of many run. */
export async function troublesOutside(config: Config, found: Found | undefined, up?: number): Promise<Finding[]> {
  const folder = config.LEARNFLOW_DATA_DIR
  // Starting an interpreter takes seconds; the one of a running platform is looked at from inside.
  const looks = await Promise.all([
    node(),
    disk(config),
    lockState(folder, found),
    // Many processes have a port each, and say themselves when it is taken.
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

/** Why it does not run: what it said when it ended, or that nobody started it. */
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

/** The same for a platform of many processes: what each of them said is told with it. */
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
