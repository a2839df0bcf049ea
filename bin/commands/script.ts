import { PlatformError } from '../../platform/errors.ts'
import { scriptCommand } from '../../skills/command.ts'
import { printData, printFailure, printLines } from '../../skills/output.ts'
import { loadScript, scriptIds } from '../../skills/registry.ts'
import { nearest } from '../../skills/nearest.ts'
import { runCommand } from '../../skills/usage.ts'
import { version } from '../version.ts'

/** `learnflow <skill> <script> ...`; without a script, what the skill can do. */
export async function skillCommand(skill: string, argv: readonly string[]): Promise<void> {
  const [script = '', ...rest] = argv
  if (script === '' || script.startsWith('-')) return listScripts(skill, argv.includes('--json'))
  return scriptByName(`${skill}/${script}`, rest)
}

/** A script under the name it was called by. */
export async function scriptByName(id: string, argv: readonly string[], name?: string): Promise<void> {
  try {
    await runCommand(scriptCommand(id, await loadScript(id), name), argv)
  } catch (error) {
    printFailure(error, argv.includes('--json'))
  }
}

async function listScripts(skill: string, json: boolean): Promise<void> {
  const ids = scriptIds().filter(id => id.startsWith(`${skill}/`))
  const scripts = await Promise.all(ids.map(async id => ({ id, about: (await loadScript(id)).about })))
  if (json) printData(scripts)
  else printLines(scripts.map(({ id, about }) => `learnflow ${id.replace('/', ' ')}  ${about}`))
}

/** @throws NOT_FOUND with the names most like the wanted one. */
export function unknownName(kind: string, wanted: string, names: readonly string[]): never {
  throw new PlatformError('NOT_FOUND', `there is no ${kind} ${wanted.slice(0, 80)}`, {
    hint: `Nearest: ${nearest(wanted, names).join(', ')}.`,
  })
}

/** `learnflow --version`. */
export function tellVersion(): void {
  printLines([version])
}
