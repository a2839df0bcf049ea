import { chmod, lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

const ownerMode = 0o700
/** The bits of a file's mode that let anybody but its owner in; also the umask under which files get none. */
export const othersMode = 0o077

/**
 * Takes the permissions of all other users from a folder and everything in it, if `sample`, some of its paths, or the
 * folder has any. Returns whether it had.
 */
export async function closeToOthers(folder: string, sample: readonly string[]): Promise<boolean> {
  if (!(await Promise.all([folder, ...sample].map(isOpen))).includes(true)) return false
  const inside = await readdir(folder, { recursive: true, withFileTypes: true })
  const own = inside.filter(entry => !entry.isSymbolicLink()).map(entry => join(entry.parentPath, entry.name))
  for (const path of [folder, ...own]) if (await isOpen(path)) await chmod(path, (await lstat(path)).mode & ownerMode)
  return true
}

/** Whether somebody else may read or write it; false when it is not there. */
async function isOpen(path: string): Promise<boolean> {
  const { mode } = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return { mode: 0 }
    throw error
  })
  return (mode & othersMode) !== 0
}
