import { codes, PlatformError } from '../platform/errors.ts'
import type { Failure, ScriptResult } from './definition.ts'

/** The maximum length of a failure's message and hint, in characters: together below 120 tokens. */
const maxLength = { message: 420, hint: 240 }

/** The beginning of a text without a sentence or a part that it does not hold to the end, unless little else is left. */
export function wholeParts(head: string): string {
  const end = Math.max(head.lastIndexOf('; '), head.lastIndexOf('. '))
  return end > head.length / 3 ? head.slice(0, end + 1) : head
}

const cut = (text: string, max: number): string => (text.length > max ? `${wholeParts(text.slice(0, max - 1))}…` : text)

/** A failure as every entry point reports it. An unexpected one is an internal error and says where it occurred. */
export function failureOf(error: unknown): Failure {
  const { code, message, hint } = wholeFailureOf(error)
  return { code, message: cut(message, maxLength.message), hint: cut(hint, maxLength.hint) }
}

/** The same with all of its text. */
export function wholeFailureOf(error: unknown): Failure {
  if (error instanceof PlatformError) return { code: error.code, message: error.message, hint: error.hint }
  const refused = refusedPath(error)
  if (refused !== undefined) return refused
  const message = error instanceof Error ? error.message : String(error)
  const place = error instanceof Error ? /\(?((?:file:|\/)[^)\s]+:\d+:\d+)\)?/.exec(error.stack ?? '')?.[1] : undefined
  return {
    code: 'INTERNAL',
    message,
    hint: `This is a fault of ours${place === undefined ? '' : `, at ${place}`}.`,
  }
}

/** What the file system says of a path that cannot be what a caller takes it for. */
const pathFaults: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not a folder, or lies in something that is none',
  EISDIR: 'is a folder',
  EEXIST: 'is there already',
  EACCES: 'may not be used by this user',
  EPERM: 'may not be changed by this user',
  EROFS: 'is on a file system that cannot be written',
  ENAMETOOLONG: 'is too long a name',
  ELOOP: 'is a circle of links',
  EINVAL: 'is no path',
}

/** The failure of a call of the file system that names its path; undefined for any other. */
function refusedPath(error: unknown): Failure | undefined {
  const { code = '', path } = error instanceof Error ? (error as NodeJS.ErrnoException) : {}
  const fault = pathFaults[code]
  if (fault === undefined || typeof path !== 'string') return undefined
  return {
    code: 'INVALID_INPUT',
    message: `${path} ${fault} (${code})`,
    hint: 'Give another path, or correct its permissions.',
  }
}

/** Prints a failure (on stderr, or as data on stdout) and sets the exit code. */
export function printFailure(error: unknown, json: boolean): void {
  const failure = failureOf(error)
  if (json) printData({ ok: false, ...failure })
  else process.stderr.write(`${failure.code}: ${failure.message}\n${failure.hint}\n`)
  process.exitCode = codes[failure.code].exit
}

/**
 * Prints the result of a script: one line, or its data; a dry run shows its plan first. `shown`: the lines that are
 * printed already, given by a command that prints all findings, which also prints them for a failure.
 */
export function printOutcome(
  { summary, data, plan, failure }: ScriptResult,
  { json, dryRun, shown }: { json: boolean; dryRun: boolean; shown?: ReadonlySet<string> | undefined },
): void {
  if (failure !== undefined && shown === undefined)
    return printFailure(new PlatformError(failure.code, failure.message, { hint: failure.hint }), json)
  if (json) printData(data)
  else printLines([...(dryRun ? plan : []), ...summary.split('\n').filter(line => shown?.has(line) !== true)])
  if (failure !== undefined) process.exitCode = codes[failure.code].exit
}

export function printLines(lines: readonly string[]): void {
  process.stdout.write(lines.map(line => `${line}\n`).join(''))
}

export function printData(data: unknown): void {
  process.stdout.write(`${JSON.stringify(data)}\n`)
}

/** Progress is printed only on a terminal, because a program that reads the output pays for every line. */
export function tellProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${line}\n`)
}
