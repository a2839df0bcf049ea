import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PlatformError } from '../errors.ts'
import { defaultTarget, type TargetName, targetNames, targets } from './all.ts'
import { findRecorded, type Found } from './running.ts'
import type { Target } from './target.ts'

/** The name of the target whose platform the folder holds; undefined when it holds none. */
export const heldTarget = (folder: string): TargetName | undefined =>
  targetNames.find(name => existsSync(join(folder, targets[name].marker)))

/** The target of the platform on this folder; the default one when it holds none. */
export const targetOf = async (folder: string): Promise<Target> => targets[heldTarget(folder) ?? defaultTarget].load()

/** The target of this name, for a folder that holds no platform or one of it. @throws INVALID_INPUT for another. */
export async function targetFor(name: TargetName, folder: string): Promise<Target> {
  const held = heldTarget(folder)
  if (held !== undefined && held !== name)
    throw new PlatformError('INVALID_INPUT', `${folder} holds a platform of the target ${held}`, {
      hint: `learnflow up --target ${held}, or another --data DIR.`,
    })
  return targets[name].load()
}

/** The platform on this folder, undefined when none runs. The record of a dead one does not count. */
export async function findPlatform(folder: string): Promise<Found | undefined> {
  return findRecorded(folder, async (_, running) => (await targetOf(folder)).find(folder, running))
}
