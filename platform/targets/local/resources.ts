import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { daprResources } from '../../engines/daprd.ts'
import { hasCode } from '../../errors.ts'
import type { Trouble } from '../trouble.ts'
import { localPaths } from './layout.ts'

const parts = ['components', 'resiliency', 'subscriptions'] as const
const prefix = 'resources-'

type Files = ReadonlyMap<string, string>

/** The Dapr resources below `root` by their path in it; empty when it is not there. */
async function filesIn(root: string): Promise<Files> {
  const paths = await Promise.all(
    parts.map(async part =>
      (await readdir(join(root, part)).catch(emptyIfMissing))
        .filter(name => name.endsWith('.yaml'))
        .map(name => join(part, name)),
    ),
  )
  const names = paths.flat().toSorted()
  return new Map(await Promise.all(names.map(async name => [name, await readFile(join(root, name), 'utf8')] as const)))
}

function emptyIfMissing(error: unknown): string[] {
  if (hasCode(error, 'ENOENT')) return []
  throw error
}

const versionOf = (files: Files): string =>
  createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex')
    .slice(0, 12)

const copyOf = (folder: string, files: Files): string =>
  join(localPaths(folder).sidecars, `${prefix}${versionOf(files)}`)

/**
 * The folders of components, policies and subscriptions that the sidecars of this version read: a copy in the data
 * folder, because a checkout may change under what runs.
 */
export async function resourceFolders(folder: string): Promise<string[]> {
  const copy = copyOf(folder, await filesIn(daprResources))
  return parts.map(part => join(copy, part))
}

/** Writes what of the copy is missing or was changed. */
export async function writeResources(folder: string): Promise<void> {
  const own = await filesIn(daprResources)
  const copy = copyOf(folder, own)
  const present = await filesIn(copy)
  for (const [name, text] of own) {
    if (present.get(name) === text) continue
    const [file, draft] = [join(copy, name), join(copy, `${name}.${randomUUID()}`)]
    await mkdir(dirname(file), { recursive: true })
    await writeFile(draft, text, { mode: 0o600 })
    await rename(draft, file)
  }
}

/** The files of this version's copy that are missing or were changed; none while there is no copy. */
export async function damagedResources(folder: string): Promise<string[]> {
  const own = await filesIn(daprResources)
  const copy = copyOf(folder, own)
  if (!(await readdir(dirname(copy)).catch(emptyIfMissing)).some(name => copy.endsWith(name))) return []
  const present = await filesIn(copy)
  return [...own].flatMap(([name, text]) =>
    present.get(name) === text ? [] : [`${join(copy, name)} ${present.has(name) ? 'was changed' : 'is missing'}`],
  )
}

/** What the sidecars would lack when they start again. */
export async function resourceTroubles(folder: string): Promise<Trouble[]> {
  const damaged = await damagedResources(folder)
  if (damaged.length === 0) return []
  return [
    {
      code: 'CHECK_FAILED',
      cause: `files of the sidecars are not as they were written`,
      evidence: damaged.join(', '),
      fix: 'learnflow dapr-runtime deploy',
    },
  ]
}
