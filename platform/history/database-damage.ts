import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../errors.ts'

/** PostgreSQL writes its control data in one piece, but a reader may meet it half written. */
const looks = 2
/** The checksum of the control data stands behind them; where, differs between versions of PostgreSQL. */
const checksum = { from: 200, to: 400, step: 4 }

/**
 * What is wrong with the files of a PostgreSQL database, seen without opening it, also while it runs: what an opened
 * one may still find damaged is not looked at. Undefined for a sound one, where none is, and for who may not read it.
 */
export async function databaseDamage(folder: string): Promise<string | undefined> {
  if (!existsSync(folder) || existsSync(`${folder}.unfinished`)) return undefined
  try {
    const version = await readFile(join(folder, 'PG_VERSION'), 'latin1')
    if (!/^\d+\s*$/.test(version)) return 'PG_VERSION is not what PostgreSQL wrote'
    for (const name of ['base', 'pg_wal', 'global'])
      if ((await readdir(join(folder, name))).length === 0) return `${name} is empty`
    for (let look = 0; look < looks; look += 1)
      if (hasChecksum(await readFile(join(folder, 'global', 'pg_control')))) return undefined
    return 'global/pg_control is not what PostgreSQL wrote'
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM')) return undefined
    if (!hasCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'EIO')) throw error
    const { code, path = '' } = error as NodeJS.ErrnoException
    return `${path.slice(folder.length + 1)} cannot be read (${code})`
  }
}

/** Whether some beginning of the file is followed by its CRC-32C, as in `ControlFileData` of PostgreSQL. */
function hasChecksum(bytes: Buffer): boolean {
  let crc = 0xff_ff_ff_ff
  for (let at = 0; at < Math.min(bytes.length - 4, checksum.to); at += 1) {
    if (at >= checksum.from && at % checksum.step === 0 && (crc ^ 0xff_ff_ff_ff) >>> 0 === bytes.readUInt32LE(at))
      return true
    crc ^= bytes[at] ?? 0
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82_f6_3b_78 : 0)
  }
  return false
}
