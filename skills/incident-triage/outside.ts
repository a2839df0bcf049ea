import type { Config } from '../../platform/config.ts'
import { within } from '../../platform/data-folder.ts'
import { PlatformError } from '../../platform/errors.ts'
import { openSupervisor } from '../../platform/open.ts'
import { failureIn } from '../platform-up/log-tail.ts'
import { disk, door, type Finding as Look, lockState, node, sandbox, versions } from '../platform-up/machine.ts'
import { type Found, supervised } from '../platform-up/running.ts'
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

const findingOf = ({ name, measured, code, hint }: Look): Finding => ({ code, cause: cause[name] ?? name, evidence: measured, fix: hint })

/** What keeps the platform from running or answering, seen from outside, the worst first. */
export async function troublesOutside(config: Config, found: Found | undefined): Promise<Finding[]> {
  const folder = config.LEARNFLOW_DATA_DIR
  // Starting an interpreter takes seconds; the one of a running platform is looked at from inside.
  const looks = await Promise.all([
    node(),
    disk(config),
    lockState(folder, found),
    door(config, found),
    versions(found),
    ...(found === undefined ? [sandbox(config)] : []),
  ])
  const bad = looks.filter(({ ok }) => !ok).map(findingOf)
  return found === undefined ? [...bad, ...(await whyDown(folder))] : bad
}

/** Why it does not run: what it said when it ended, or that nobody started it. */
async function whyDown(folder: string): Promise<Finding[]> {
  const { status, last_exit: exit, restarts } = await openSupervisor(folder).status(supervised)
  const said = await failureIn(within(folder).log, 0)
  const ended = exit === undefined ? '' : `, ended ${exit.at} with ${exit.signal ?? exit.code}`
  const evidence = `${status}${ended}${restarts === 0 ? '' : `, ${restarts} restarts`}${said === undefined ? '' : `; its log: ${said.code}: ${said.message.slice(0, 160)}`}`
  const failed = status === 'crash_loop' || (exit !== undefined && exit.code !== 0)
  const hint = said instanceof PlatformError && failed ? `${said.hint.slice(0, 120)}; then learnflow up` : 'learnflow up'
  return [{ code: 'NOT_RUNNING', cause: `no platform runs on ${folder}`, evidence, fix: hint }]
}
