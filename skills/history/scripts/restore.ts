import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import type { Config } from '../../../platform/config.ts'
import { takeDataFolder, dataPaths } from '../../../platform/owner/data-folder.ts'
import { makeFolders } from '../../../platform/owner/folder-place.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { openBackup } from '../../../platform/open.ts'
import type { History } from '../../../platform/ports/history.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { carryErasedList, readErasedList } from '../../../platform/history/erased-list.ts'
import { withoutErased } from '../../../platform/expunge.ts'
import { readBackup, readHeader } from '../../../platform/history/backup-file.ts'
import {
  differingTables,
  type Fingerprint,
  fingerprintOf,
  migrationsOf,
  rowsIn,
} from '../../../platform/history/fingerprint.ts'
import { findBackup } from '../find-backup.ts'
import { demandIdle, restoredMark, restoringMark } from '../restored.ts'
import { heldTarget, targetOf } from '../../../platform/targets/resolve.ts'
import type { Target } from '../../../platform/targets/target.ts'
import { counted } from '../../../schemas/counted.ts'

const restore = defineScript({
  about:
    'Fills a fresh data folder from a backup, without who was erased since, and proves it equal, row by row. `discard` is the undo.',
  effect: 'changes',
  needs: ['folder'],
  input: z.object({
    name: z.string().min(1).max(4_000).describe('from history backups').meta({ positional: true }),
    to: z.string().min(1).max(4_000).describe('a folder that is empty or not there').meta({ path: true }),
  }),
  output: z.object({ folder: z.string(), rows: z.number().int() }),
  async run({ name: wantedName, to }, { config, dryRun, progress }) {
    const { backups } = dataPaths(config.LEARNFLOW_DATA_DIR)
    const name = await findBackup(backups, wantedName)
    const file = join(backups, name)
    const folder = resolve(to)
    const clean = await withoutErased(file, await readErasedList(backups), config)
    await using stack = new AsyncDisposableStack()
    if (clean !== undefined) stack.defer(async () => rm(clean.file, { force: true }))
    const source = clean?.file ?? file
    const wanted = await contentsOf(source, config)
    const rows = rowsIn(wanted)
    const restored = { ...config, LEARNFLOW_DATA_DIR: folder }
    const target = await targetOf(config.LEARNFLOW_DATA_DIR)
    const isHalf = existsSync(join(folder, restoringMark))
    if (isHalf) await demandIdle(folder)
    else if (heldTarget(folder) === target.name) {
      await demandEqual(restored, target, wanted)
      return { changed: 0, summary: `${folder} holds these ${counted(rows, 'row')}`, data: { folder, rows } }
    }
    if (!isHalf) await demandEmpty(folder)
    const without = clean === undefined ? '' : `, without ${clean.people} erased`
    const summary = `restored ${counted(rows, 'row')} of ${name} into ${folder}, equal row by row${without}`
    if (dryRun)
      return {
        changed: 1,
        summary: `restore ${counted(rows, 'row')}`,
        data: { folder, rows },
        plan: [`fill ${folder} with ${counted(rows, 'row')} of ${name}`],
      }
    progress(`filling ${folder}`)
    // What an interrupted restore left is known by its mark, and made anew.
    if (isHalf) await rm(folder, { recursive: true, force: true })
    await makeFolders(folder, process.getuid?.() === 0 && !target.oneProcess ? 0o711 : 0o700)
    await writeFile(join(folder, restoringMark), `${name}\n`)
    await fill(source, restored, target, wanted)
    await carryErasedList(backups, dataPaths(folder).backups)
    await rename(join(folder, restoringMark), join(folder, restoredMark))
    return { changed: 1, summary, data: { folder, rows } }
  },
})

/** The fingerprint of a backup's rows; a copy of a whole folder must be opened to compute it. */
async function contentsOf(file: string, config: Config): Promise<Fingerprint> {
  if (!file.endsWith('.tar.gz')) return (await readHeader(file)).tables
  await using copy = await openBackup(config, new Blob([await readFile(file)]))
  return await fingerprintOf(copy.history.db)
}

async function demandEmpty(folder: string): Promise<void> {
  if (existsSync(folder) && (await readdir(folder)).length > 0)
    throw new PlatformError('CONFLICT', `${folder} is not empty`, {
      hint: 'Name a folder that is not there yet: nothing is overwritten.',
    })
}

async function demandEqual(restored: Config, target: Target, wanted: Fingerprint): Promise<void> {
  await using history = await target.history(restored)
  const differing = differingTables(await fingerprintOf(history.db), wanted)
  if (differing.length > 0)
    throw new PlatformError(
      'CONFLICT',
      `${restored.LEARNFLOW_DATA_DIR} holds another history: ${differing.join(', ').slice(0, 120)} differ`,
      {
        hint: 'Name a folder that is not there yet.',
      },
    )
}

/** Fills the folder, and removes it again when the result is not right. */
async function fill(file: string, restored: Config, target: Target, wanted: Fingerprint): Promise<void> {
  try {
    if (file.endsWith('.tar.gz')) await unpack(file, restored)
    await using history = await target.history(restored)
    if (!file.endsWith('.tar.gz')) await fillRows(file, history)
    const differing = differingTables(await fingerprintOf(history.db), wanted)
    if (differing.length > 0)
      throw new PlatformError('INTERNAL', `the restored tables differ: ${differing.join(', ')}`, {
        hint: 'The backup may be damaged: try another.',
      })
  } catch (error) {
    await rm(restored.LEARNFLOW_DATA_DIR, { recursive: true, force: true })
    throw error
  }
}

/** Unpacks a copy of a whole embedded folder. */
async function unpack(file: string, restored: Config): Promise<void> {
  await using data = await takeDataFolder(restored.LEARNFLOW_DATA_DIR)
  await using _copy = await openBackup(restored, new Blob([await readFile(file)]), data)
}

async function fillRows(file: string, history: History): Promise<void> {
  const { migrations } = await readHeader(file)
  await history.migrate()
  const here = await migrationsOf(history.db)
  if (here.join() !== migrations.join())
    throw new PlatformError(
      'INVALID_INPUT',
      `the backup is of the tables at ${migrations.at(-1)}, this version makes ${here.at(-1)}`,
      {
        hint: 'Restore it with the version that wrote it, then start that folder with this one: it migrates.',
      },
    )
  await history.transaction(async trx => readBackup(trx, file))
}
export default restore
if (import.meta.main) await runAsMain(import.meta, restore)
