import { open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { roles } from '../../schemas/words.ts'
import { hasCode } from '../errors.ts'
import { dataPaths, manyTokensEnd, tokenFile } from './data-folder.ts'

const chunk = 2 ** 20
const minBare = 6
const quote = 0x22

/**
 * Deletes the tokens of an erased student, and overwrites their id in the logs of the folder's processes. The logs keep
 * their length, because other processes append to them meanwhile.
 */
export async function eraseFiles(folder: string, studentId: string): Promise<void> {
  const { tokens } = dataPaths(folder)
  for (const role of roles) await rm(join(tokens, tokenFile(studentId, role)), { force: true })
  // A file with the tokens of many goes as a whole: it can be made again.
  for (const name of await namesIn(tokens))
    if (name.endsWith(manyTokensEnd)) await rm(join(tokens, name), { force: true })
  for (const place of [folder, join(folder, 'processes')])
    for (const name of await namesIn(place))
      if (/\.log(?:\.1)?$/.test(name)) await overwrite(join(place, name), studentId)
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  })
}

/** Overwrites every place of the word that is no part of a longer one. */
async function overwrite(path: string, word: string): Promise<void> {
  await using file = await open(path, 'r+')
  const quoted = JSON.stringify(word)
  // A short id is also a part of other facts, such as a number; the logs hold ids in quotes.
  const found = word.length < minBare ? [Buffer.from(quoted)] : [Buffer.from(word), Buffer.from(quoted.slice(1, -1))]
  const longest = Math.max(...found.map(bytes => bytes.length))
  const buffer = Buffer.alloc(chunk + longest + 1)
  for (let at = 0; ; at += chunk) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
    const text = buffer.subarray(0, bytesRead)
    for (const bytes of found)
      for (let place = text.indexOf(bytes); place >= 0; place = text.indexOf(bytes, place + 1))
        if (!isWord(text[place - 1]) && !isWord(text[place + bytes.length]))
          await file.write(masked(bytes), 0, bytes.length, at + place)
    if (bytesRead < buffer.length) return
  }
}

/** Asterisks in its place; quotes around it stay. */
const masked = (bytes: Buffer): Buffer =>
  bytes[0] === quote ? Buffer.from(`"${'*'.repeat(bytes.length - 2)}"`) : Buffer.alloc(bytes.length, '*')

const isWord = (byte: number | undefined): boolean =>
  byte !== undefined && /[A-Za-z0-9]/.test(String.fromCharCode(byte))
