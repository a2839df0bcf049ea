import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readFile, realpath, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { PlatformError, hasCode } from '../../../platform/errors.ts'
import { skillNames } from '../../../skills/registry.ts'
import type { Installed } from '../../../skills/platform-up/installed.ts'
import { type Host, skillsFolders } from './hosts.ts'

/** The new content of a file; null deletes it. `before` is what the file held before we first wrote it. */
export interface Change {
  path: string
  text: string | null
  before: string | null
}

/** Everything to be written, and what could not be written because something else has that name. */
export interface Plan {
  changes: Change[]
  kept: string[]
  files: Installed['files']
  /** Why the file of a host cannot be changed; the other hosts do not suffer from it. */
  failures: PlatformError[]
}

export interface Scene {
  home: string
  hosts: readonly Host[]
  /** The folder of our skills. */
  skills: string
  version: string
  installed: Installed | undefined
}

/** Bytes that are not UTF-8 throw, because they would not be written back as they were. */
async function textOf(path: string): Promise<string | null> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

/**
 * The changes that install for these hosts; nothing is written. A host whose file cannot be parsed is a failure, and
 * the others are installed.
 */
export async function planInstall({ home, hosts, skills, version, installed }: Scene): Promise<Plan> {
  const plan: Plan = { changes: [], kept: [], files: {}, failures: [] }
  const known = installed?.files ?? {}
  const want = async (path: string, text: string): Promise<void> => {
    const present = await textOf(path)
    const before = known[path] === undefined ? present : known[path].before
    plan.files[path] = { before, after: text }
    if (present !== text) plan.changes.push({ path, text, before })
  }
  for (const host of hosts)
    await planConfig(host, plan, known).catch((error: unknown) => {
      if (!(error instanceof PlatformError)) throw error
      plan.failures.push(error)
      // What was written there before stays on record.
      const former = known[host.config]
      if (former !== undefined) plan.files[host.config] = former
    })
  for (const folder of skillsFolders(hosts))
    for (const skill of skillNames(skills)) {
      const target = join(home, folder, skill)
      if (existsSync(target) && !Object.keys(known).some(path => path.startsWith(`${target}/`))) {
        plan.kept.push(`${target}: another skill of that name`)
        continue
      }
      for (const [file, text] of await skillFiles(join(skills, skill), version)) await want(join(target, file), text)
    }
  // Files written for a host or a version that is no longer wanted are removed.
  const rest = Object.fromEntries(Object.entries(known).filter(([path]) => plan.files[path] === undefined))
  const { changes, kept, files, failures } = await planUninstall(rest, hosts)
  return {
    changes: [...plan.changes, ...changes],
    kept: [...plan.kept, ...kept],
    files: { ...plan.files, ...files },
    failures: [...plan.failures, ...failures],
  }
}

/** Our entry in a host's file. What the host has written there since is part of what is restored on removal. */
async function planConfig({ config, format, name }: Host, plan: Plan, known: Installed['files']): Promise<void> {
  const present = await understood(name, config, async () => textOf(config))
  const text = present ?? ''
  const [found, ours] = [await understood(name, config, () => format.find(text)), known[config]]
  if (found !== undefined && ours === undefined) {
    if (!isDeepStrictEqual(found, format.entry)) plan.kept.push(`${config}: another server named learnflow`)
    return
  }
  const bare = found === undefined ? text : format.remove(text)
  const before = ours === undefined ? present : ours.after === present ? ours.before : bare
  const after = isDeepStrictEqual(found, format.entry) ? text : await understood(name, config, () => format.add(bare))
  plan.files[config] = { before, after }
  if (after !== present) plan.changes.push({ path: config, text: after, before })
}

async function understood<T>(host: string, file: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new PlatformError(
      'INVALID_INPUT',
      `${file} of ${host} cannot be changed: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}`,
      {
        hint: 'Mend that file, then do it again. Nothing was written to it; the other hosts are not affected.',
        cause,
      },
    )
  }
}

/** SKILL.md, marked with the package's version, and the files it refers to. */
async function skillFiles(folder: string, version: string): Promise<[string, string][]> {
  const text = await readFile(join(folder, 'SKILL.md'), 'utf8')
  const references = existsSync(join(folder, 'references')) ? readdirSync(join(folder, 'references')) : []
  return [
    ['SKILL.md', text.replace(/^metadata:\n/m, `metadata:\n  version: "${version}"\n`)],
    ...(await Promise.all(
      references.map(
        async file =>
          [join('references', file), await readFile(join(folder, 'references', file), 'utf8')] as [string, string],
      ),
    )),
  ]
}

/**
 * The changes that remove everything: files are restored as they were; from one that was changed since, only our entry
 * is removed. A file of a host that cannot be read is a failure and stays on record.
 */
export async function planUninstall(files: Installed['files'], hosts: readonly Host[]): Promise<Plan> {
  const plan: Plan = { changes: [], kept: [], files: {}, failures: [] }
  for (const [path, file] of Object.entries(files))
    await planRemoval(
      path,
      file,
      hosts.find(({ config }) => config === path),
      plan,
    ).catch((error: unknown) => {
      if (!(error instanceof PlatformError)) throw error
      plan.failures.push(error)
      plan.files[path] = file
    })
  return plan
}

async function planRemoval(
  path: string,
  { before, after }: Installed['files'][string],
  host: Host | undefined,
  plan: Plan,
): Promise<void> {
  const present = await understood(host?.name ?? 'a skill', path, async () => textOf(path))
  if (present === null) return
  if (present === after) plan.changes.push({ path, text: before, before })
  else if (host === undefined) plan.kept.push(`${path}: changed since it was installed`)
  else if ((await understood(host.name, path, () => host.format.find(present))) !== undefined)
    plan.changes.push({ path, text: host.format.remove(present), before })
}

/** Writes whole files, following links and keeping their permissions; folders that become empty are removed. */
export async function carryOut({ changes }: Plan, home: string): Promise<void> {
  for (const { path, text } of changes) {
    if (text === null) {
      await rm(path, { force: true })
      await removeEmpty(dirname(path), home)
      continue
    }
    await mkdir(dirname(path), { recursive: true })
    const real = existsSync(path) ? await realpath(path) : path
    const mode = existsSync(real) ? (await stat(real)).mode : 0o600
    await writeFile(`${real}.learnflow-new`, text, { mode })
    await rename(`${real}.learnflow-new`, real)
  }
}

/** Only folders of skills, because the other folders belong to the hosts. */
async function removeEmpty(folder: string, home: string): Promise<void> {
  if (!/\.(?:claude|agents)\/skills/.test(folder) || !folder.startsWith(home) || readdirSync(folder).length > 0) return
  await rmdir(folder)
  await removeEmpty(dirname(folder), home)
}
