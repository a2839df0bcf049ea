import type { Config } from '../../platform/config.ts'
import type { Found } from '../../platform/targets/running.ts'
import type { Target } from '../../platform/targets/target.ts'
import { disk, door, type MachineFinding as Look, lockState, node, sandbox, versions } from '../platform-up/machine.ts'
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
 * What prevents the platform from running or answering, checked from outside, the worst first; `up`: how many of its
 * processes run.
 */
export async function troublesOutside(
  config: Config,
  found: Found | undefined,
  { oneProcess, whyDown }: Target,
  up: number,
): Promise<Finding[]> {
  const folder = config.LEARNFLOW_DATA_DIR
  // Starting an interpreter takes seconds, so the interpreter of a running platform is checked from inside.
  const looks = await Promise.all([
    node(),
    disk(config),
    lockState(folder, found),
    // Many processes have a port each, and report themselves when it is taken.
    ...(found === undefined && !oneProcess ? [] : [door(config, found)]),
    versions(found),
    ...(found === undefined ? [sandbox(config)] : []),
  ])
  const bad = looks
    .filter(({ ok }) => !ok)
    .map(look =>
      look.name === 'platform' && found !== undefined ? { ...look, measured: look.measured + notReady(found) } : look,
    )
  return found === undefined ? [...bad.map(findingOf), await whyDown(folder, up)] : bad.map(findingOf)
}
