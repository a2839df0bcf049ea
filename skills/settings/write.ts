import { existsSync } from 'node:fs'
import { chmod, chown, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { isMap, isScalar, parseDocument } from 'yaml'
import { hasCode } from '../../platform/errors.ts'
import { longName, shortName } from '../../platform/settings-file.ts'

/**
 * Sets a setting, by its name as an environment variable, in the line that has it however it is spelt there, or takes
 * it out. Comments and the order of the others stay.
 */
export async function writeSetting(file: string, name: string, value: unknown): Promise<void> {
  const document = parseDocument(existsSync(file) ? await readFile(file, 'utf8') : '')
  const items = isMap(document.contents) ? document.contents.items : []
  const keys = items.map(({ key }) => key).filter(key => longName(String(isScalar(key) ? key.value : key)) === name)
  const [first = shortName(name), ...others] = keys
  if (value === undefined) document.delete(first)
  else document.set(first, value)
  for (const key of others) document.delete(key)
  await replace(file, document.contents === null ? '' : String(document))
}

/** A reader sees the old file or the new one, whose mode and owner are the same; a link stays one. */
async function replace(link: string, text: string): Promise<void> {
  if (!existsSync(link)) return writeFile(link, text)
  const file = await realpath(link)
  const beside = `${file}.new`
  const { mode, uid, gid } = await stat(file)
  try {
    await writeFile(beside, text, { mode })
    await chown(beside, uid, gid)
    await chmod(beside, mode)
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    // Nobody may give a file to another user, but one who may write it can leave it theirs.
    if (!hasCode(error, 'EPERM')) throw error
    await writeFile(file, text)
  }
}
