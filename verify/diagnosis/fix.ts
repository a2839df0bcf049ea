import { execa } from 'execa'
import type { LocalTestPlatform } from '../test-platform-local.ts'

/** The commands of a fix as a person reads them: what stands in brackets, and what happens by itself, is no command. */
export const commandsOf = (fix: string): string[][] =>
  fix
    .replaceAll(/\s*\([^)]*\)/g, '')
    .replace(/:? [^;]*by itself$/, '')
    .split(/;(?: then)? /)
    .map(command => command.trim().split(/\s+/))
    .filter(([name]) => name !== undefined && ['learnflow', 'kill', 'mv'].includes(name))

/** Carries out a fix. @throws when it has no command */
export async function carryOut(
  fix: string,
  { command, folder, env }: Pick<LocalTestPlatform, 'command' | 'folder' | 'env'>,
): Promise<void> {
  const commands = commandsOf(fix)
  if (commands.length === 0) throw new Error(`no command in "${fix}"`)
  for (const [name = '', ...args] of commands) {
    const [program, all] =
      name === 'learnflow' ? [process.execPath, [command, ...args, '--data', folder]] : [name, args]
    await execa(program, all, { env, reject: false })
  }
}
