import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { environmentWith } from '../../config.ts'
import { PlatformError } from '../../errors.ts'
import { filesOf, type WatchOrder } from './state-file.ts'

const watcherFile = join(import.meta.dirname, `watch${extname(import.meta.filename)}`)
export const startMs = 20_000

export const unusable = (folder: string, cause: unknown): PlatformError =>
  new PlatformError(
    'DATA_FOLDER_UNUSABLE',
    `the data folder ${folder} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      hint: 'Choose another with --data DIR or correct its permissions.',
      cause,
    },
  )

/** Starts the watcher of a process; `settings`: those of a former one, instead of the ones in this environment. */
export async function startWatcher(order: WatchOrder, settings?: Record<string, string>): Promise<void> {
  const { folder, name } = order
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const errors = openSync(filesOf(folder, name).log, 'a', 0o600)
    // The watcher's own output goes into the log of the process that it watches.
    const watcher = spawn(process.execPath, [watcherFile, JSON.stringify(order)], {
      detached: true,
      stdio: ['ignore', 'ignore', errors],
      ...(settings === undefined ? {} : { env: environmentWith(settings) }),
    })
    closeSync(errors)
    await new Promise<void>((resolve, reject) => watcher.once('spawn', resolve).once('error', reject))
    watcher.unref()
  } catch (cause) {
    throw unusable(folder, cause)
  }
}
