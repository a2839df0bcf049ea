import { PlatformError } from '../../platform/errors.ts'
import { type CommandStyle, scriptCommand } from '../../skills/command.ts'
import { printData, printFailure, printLines } from '../../skills/output.ts'
import { loadScript, scriptIds } from '../../skills/registry.ts'
import { nearest } from '../../skills/nearest.ts'
import { runCommand } from '../../skills/usage.ts'
import { version } from '../version.ts'

/** `learnflow <skill> <script> ...`; without a script, lists the scripts of the skill. */
export async function skillCommand(skill: string, argv: readonly string[]): Promise<void> {
  const [script = '', ...rest] = argv
  if (script === '' || script.startsWith('-')) return listScripts(skill, argv.includes('--json'))
  return scriptByName(`${skill}/${script}`, rest)
}

/** How the short name of a script prints, where not every finding and then the summary. */
const styles: Readonly<Record<string, () => Promise<CommandStyle>>> = {
  'access/token': async () => ({ print: (await import('./token.ts')).printToken }),
  'teaching/grades': async () => ({ print: (await import('./grades.ts')).printGrades }),
  'access/tokens': async () => ({ print: (await import('./token.ts')).printTokens }),
  'incident-triage/logs': async () => ({
    full: true,
    print: async ({ data }, { json }) => (json ? printData(data) : undefined),
  }),
}

/** A script under a shorter name; `instead` maps a word or flag after the name to the script that it selects. */
export async function shortCommand(
  id: string,
  argv: readonly string[],
  name: string,
  instead: Readonly<Record<string, string>> = {},
): Promise<void> {
  const called = Object.entries(instead).find(([, other]) => other === id)?.[0]
  const style = await (styles[id] ?? (async () => ({ full: true })))()
  await scriptByName(id, argv, { ...style, name: called === undefined ? name : `${name} ${called}` })
  if (called !== undefined || !argv.some(word => word === '--help' || word === '-h')) return
  for (const [word, other] of Object.entries(instead))
    printLines([`${name} ${word}: ${(await loadScript(other)).about}`])
}

async function scriptByName(id: string, argv: readonly string[], style: CommandStyle = {}): Promise<void> {
  try {
    await runCommand(scriptCommand(id, await loadScript(id), style), argv)
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

/** @throws NOT_FOUND with the names closest to the wanted one. */
export function unknownName(kind: string, wanted: string, names: readonly string[]): never {
  throw new PlatformError('NOT_FOUND', `there is no ${kind} ${wanted.slice(0, 80)}`, {
    hint: `Nearest: ${nearest(wanted, names).join(', ')}.`,
  })
}

/** `learnflow --version`. */
export function tellVersion(): void {
  printLines([version])
}
