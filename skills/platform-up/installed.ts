import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { stateFolder } from '../../platform/config.ts'
import { PlatformError, hasCode } from '../../platform/errors.ts'

export const hostNames = ['claude-code', 'codex', 'vscode', 'cursor', 'goose'] as const
export type HostName = (typeof hostNames)[number]

/**
 * What `learnflow install` did in this home folder: for which hosts, of which version, and every file it wrote, with
 * the content `before` (null: no file) and `after`.
 */
export const Installed = z.strictObject({
  version: z.string(),
  hosts: z.array(z.enum(hostNames)),
  files: z.record(z.string(), z.strictObject({ before: z.string().nullable(), after: z.string() })),
})
export type Installed = z.infer<typeof Installed>

export const installedFile = (env?: NodeJS.ProcessEnv): string => join(stateFolder(env), 'install.json')

/**
 * Undefined when nothing was installed. @throws INVALID_INPUT for a record that cannot be parsed, because nothing could
 * be restored without it.
 */
export async function readInstalled(env?: NodeJS.ProcessEnv): Promise<Installed | undefined> {
  const file = installedFile(env)
  try {
    return Installed.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined
    throw new PlatformError('INVALID_INPUT', `${file} is no record of an installation`, {
      hint: 'Delete it, take learnflow out of the hosts by hand, then learnflow install.',
      cause,
    })
  }
}
