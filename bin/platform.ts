import { rm } from 'node:fs/promises'
import { startPlatform } from '../agents/platform.ts'
import type { Config } from '../platform/config.ts'
import { takeDataFolder, within, writeRunning } from '../platform/data-folder.ts'
import { codes, PlatformError } from '../platform/errors.ts'
import { openOperatorSocket } from '../platform/operator.ts'
import { operatorHandler } from '../skills/registry.ts'
import { version } from './version.ts'

/** Longest time for finishing what is in hand after SIGTERM; a run is at most 30 s. */
const drainMs = 40_000

/**
 * Runs the embedded platform in this process until it is asked to stop (SIGINT, SIGTERM) or a port breaks for good.
 * `ready` is told the address once everything answers. Resolves with the exit code.
 */
export async function serve(config: Config, ready: (url: string) => Promise<void> | void): Promise<number> {
  const stop = Promise.withResolvers<number>()
  await using data = await takeDataFolder(config.LEARNFLOW_DATA_DIR)
  await rm(within(data.folder).running, { force: true })
  const signalled = (): void => stop.resolve(0)
  process.once('SIGINT', signalled).once('SIGTERM', signalled)
  const platform = await startPlatform(config, data, { version, onBroken: error => stop.resolve(codes[error.code].exit) })
  const operator = await openOperatorSocket(data.folder, operatorHandler({ config, ports: platform.ports }))
  await writeRunning(data.folder, { pid: process.pid, url: platform.url, target: 'embedded', version, started_at: new Date().toISOString() })
  await ready(platform.url)
  const code = await stop.promise
  const drained = Promise.all([operator[Symbol.asyncDispose](), platform[Symbol.asyncDispose]()])
  await Promise.race([drained, tooLate()])
  return code
}

async function tooLate(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(
      () =>
        reject(
          new PlatformError('DEPENDENCY_DOWN', `the platform did not drain within ${drainMs / 1_000} s`, {
            hint: 'Nothing is lost: what was in hand is done again at the next start.',
          }),
        ),
      drainMs,
    ).unref()
  })
}
