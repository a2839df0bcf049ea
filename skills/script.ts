import { fileURLToPath } from 'node:url'
import { basename, dirname, extname } from 'node:path'
import type { Script } from './definition.ts'

export { defineScript } from './definition.ts'

/** Runs a script's file as a command, from any folder: `if (import.meta.main) await runAsMain(import.meta, script)`. */
export async function runAsMain(meta: ImportMeta, script: Script): Promise<void> {
  // What a command writes is for its user alone.
  process.umask(0o077)
  const [{ scriptCommand }, { endSoon, runCommand }] = await Promise.all([import('./command.ts'), import('./usage.ts')])
  const file = fileURLToPath(meta.url)
  const id = `${basename(dirname(dirname(file)))}/${basename(file, extname(file))}`
  await runCommand(scriptCommand(id, script), process.argv.slice(2))
  endSoon()
}
