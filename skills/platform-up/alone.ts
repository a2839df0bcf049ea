import { setTimeout as sleep } from 'node:timers/promises'
import { PlatformError } from '../../platform/errors.ts'
import { dataPaths } from '../../platform/owner/data-folder.ts'
import { makeFolders } from '../../platform/owner/folder-place.ts'
import { takeLock } from '../../platform/owner/lock.ts'
import type { Target, TargetContext } from '../../platform/targets/target.ts'

const pollMs = 200

/** @throws the first thing that keeps the target from starting on this folder, before anything is started. */
export async function demandUsable(target: Pick<Target, 'obstacles'>, folder: string): Promise<void> {
  const [first] = await target.obstacles(folder)
  if (first === undefined) return
  throw new PlatformError(first.code, `${first.cause}: ${first.evidence}`, { hint: first.fix })
}

/** Does the work while no other command starts a platform on the folder. @throws DATA_FOLDER_IN_USE when one does for too long. */
export async function aloneOn<Result>(
  { oneProcess }: Pick<Target, 'oneProcess'>,
  folder: string,
  { progress, signal }: Pick<TargetContext, 'progress' | 'signal'>,
  waitSeconds: number,
  work: () => Promise<Result>,
): Promise<Result> {
  // Of several processes one may run as another user, who passes through the folder to its own.
  await makeFolders(folder, !oneProcess && process.getuid?.() === 0 ? 0o711 : 0o700)
  const file = dataPaths(folder).up
  const end = performance.now() + waitSeconds * 1_000
  for (let told = false; ; told = true) {
    using lock = takeLock(file, 0)
    if (lock !== undefined) return await work()
    if (performance.now() > end) break
    if (!told) progress('waits for another command that starts the platform on this folder')
    await sleep(pollMs, undefined, { signal })
  }
  throw new PlatformError('DATA_FOLDER_IN_USE', `another command is starting the platform on ${folder}`, {
    hint: 'Try again when it has ended.',
  })
}
