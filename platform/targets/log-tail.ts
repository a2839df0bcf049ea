import { existsSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { codes, type Code, PlatformError, hasCode } from '../errors.ts'
import type { ProcessState } from '../ports/supervisor.ts'
import type { ProcessLog } from './target.ts'

const tailBytes = 1_000_000

/** The size of a log in bytes, 0 when there is none. */
export async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 0
    throw error
  }
}

/**
 * The lines of a log from byte `from` on, at most the last megabyte; `skipped` bytes before it were not read. A log that
 * became shorter was replaced, so it is read from its start.
 */
export async function readLines(file: string, from = 0): Promise<{ lines: string[]; end: number; skipped: number }> {
  const end = await sizeOf(file)
  if (end === 0) return { lines: [], end, skipped: 0 }
  const start = Math.max(from > end ? 0 : from, end - tailBytes)
  await using log = await open(file)
  const { buffer, bytesRead } = await log.read(Buffer.alloc(end - start), 0, end - start, start)
  const lines = buffer.toString('utf8', 0, bytesRead).split('\n')
  if (start > from && start > 0) lines.shift()
  return { lines: lines.filter(line => line !== ''), end, skipped: Math.max(0, start - (from > end ? 0 : from)) }
}

/** The failure that one of our commands printed last (`CODE: message`, then the hint), if any. */
export async function failureIn(file: string, from: number): Promise<PlatformError | undefined> {
  const { lines } = await readLines(file, from)
  const at = lines.findLastIndex(line => /^[A-Z_]+: /.test(line) && (line.split(':')[0] ?? '') in codes)
  const line = lines[at]
  if (line === undefined) return undefined
  const colon = line.indexOf(': ')
  return new PlatformError(line.slice(0, colon) as Code, line.slice(colon + 2), {
    hint: lines[at + 1] ?? `See ${file}.`,
  })
}

/** The logs of these processes, without those that wrote none. */
export const processLogs = (processes: readonly ProcessState[]): ProcessLog[] =>
  processes
    .filter(({ log }) => existsSync(log))
    .map(({ name, log }) => ({ process: name, where: log, read: async from => readLines(log, from) }))

const errorLine = /\bFATAL\b|level=fatal|[Ff]atal error|(?:Exception|Error): /

/** The last line with which a program of somebody else tells why it ended, if any. */
export async function errorLineIn(file: string): Promise<string | undefined> {
  return (await readLines(file)).lines.findLast(line => errorLine.test(line))?.trim()
}
