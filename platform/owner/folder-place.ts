import { chmod, mkdir, mkdtemp, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hasCode } from '../errors.ts'

/** The folder itself, or its nearest ancestor that exists. */
export async function nearestFolder(folder: string): Promise<string> {
  try {
    await stat(folder)
    return folder
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR') || dirname(folder) === folder) throw error
    return nearestFolder(dirname(folder))
  }
}

/**
 * Why the data folder cannot be made or written, found by making a folder where it would be: some file systems refuse
 * that to everybody, whatever the permissions say. Undefined when nothing speaks against it.
 */
export async function unwritable(folder: string): Promise<string | undefined> {
  try {
    const place = await nearestFolder(folder)
    await rmdir(await mkdtemp(join(place, '.learnflow-')))
    return undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error) return `${folder} cannot be written (${String(error.code)})`
    throw error
  }
}

/** Makes a folder and its missing parents, all with this mode, whatever the umask. An existing one stays as it is. */
export async function makeFolders(folder: string, mode: number): Promise<void> {
  const place = await nearestFolder(folder)
  if (place === folder) return
  await makeFolders(dirname(folder), mode)
  // Two commands may make it at once.
  await mkdir(folder).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error
  })
  await chmod(folder, mode)
}
