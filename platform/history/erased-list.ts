import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { appendFile, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { hasCode } from '../errors.ts'

const Entry = z.object({ person: z.string(), at: z.iso.datetime() })

/**
 * Who was erased and when, as keyed hashes, beside the backups: whoever keeps a copy of those keeps the list with them,
 * so that what a restore brings back is erased again. The key is in the same folder; the list alone names nobody.
 */
export interface ErasedList {
  /** The newest time at which the student was erased. */
  erasedAt(studentId: string): Date | undefined
  /** Whether anybody was erased after this moment. */
  anyAfter(moment: Date): boolean
  /** The word that stands for an erased student where one is needed. */
  nameless(studentId: string): string
}

const paths = (backups: string) => ({ key: join(backups, 'erased.key'), list: join(backups, 'erased.jsonl') })

/** The list of a folder of backups; an empty one when nobody was erased there. */
export async function readErasedList(backups: string): Promise<ErasedList> {
  const key = await textOf(paths(backups).key)
  const lines = (await textOf(paths(backups).list)).split('\n').filter(line => line !== '')
  const entries = new Map<string, Date>()
  // The newest stands last.
  for (const line of lines) {
    const { person, at } = Entry.parse(JSON.parse(line))
    entries.set(person, new Date(at))
  }
  return {
    erasedAt: studentId => (entries.size === 0 ? undefined : entries.get(hashOf(key, studentId))),
    anyAfter: moment => [...entries.values()].some(at => at > moment),
    nameless: studentId => `erased:${hashOf(key, studentId)}`,
  }
}

/** Adds a student to the list and returns it. */
export async function noteErased(backups: string, studentId: string, at = new Date()): Promise<ErasedList> {
  await mkdir(backups, { recursive: true, mode: 0o700 })
  const key = await keyOf(backups)
  // One write at the end of the file, so that several processes may add at once.
  const entry = { person: hashOf(key, studentId), at: at.toISOString() }
  await appendFile(paths(backups).list, `${JSON.stringify(entry)}\n`, { mode: 0o600 })
  return readErasedList(backups)
}

/** Adds the list of one folder of backups to that of another, which has none yet. */
export async function carryErasedList(from: string, to: string): Promise<void> {
  const [key, list] = [await textOf(paths(from).key), await textOf(paths(from).list)]
  if (list === '') return
  await mkdir(to, { recursive: true, mode: 0o700 })
  await writeFile(paths(to).key, key, { mode: 0o600 })
  await writeFile(paths(to).list, list, { mode: 0o600 })
}

const hashOf = (key: string, studentId: string): string =>
  createHmac('sha256', key).update(studentId).digest('hex').slice(0, 32)

/** The key of the list, made on first use; linked, so that of several processes none reads half a key. */
async function keyOf(backups: string): Promise<string> {
  const { key } = paths(backups)
  const draft = `${key}.${randomUUID()}`
  await writeFile(draft, randomBytes(32).toString('hex'), { mode: 0o600 })
  await link(draft, key).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error
  })
  await rm(draft)
  return readFile(key, 'utf8')
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return ''
    throw error
  })
}
