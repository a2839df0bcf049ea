import { readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { codes, PlatformError } from '../../../platform/errors.ts'
import { openInterpreters } from '../../../platform/open.ts'
import { readConfig } from '../../../platform/config.ts'
import { sourceText } from '../../../tutor/program/source-file.ts'
import type { Sandbox } from '../../../platform/ports/sandbox.ts'
import { failureOf, printData } from '../../../skills/output.ts'

export interface Output {
  json?: boolean
  jsonl?: boolean
}

/**
 * How many programs are processed at once: enough to keep every interpreter busy, few enough to keep the results in
 * order.
 */
const width = 64
/** How many start together, so that the trusted interpreter reads many programs in one run. */
const burst = 32

/** The time limit of a program. @throws INVALID_INPUT unless it is 0.1 to 30 seconds */
export function secondsOf(options: { seconds: string }): number {
  const seconds = Number(options.seconds)
  if (seconds >= 0.1 && seconds <= 30) return seconds
  throw new PlatformError('INVALID_INPUT', `--seconds is 0.1 to 30, not ${options.seconds}`, {
    hint: 'Give a number of seconds, as in --seconds 2.',
  })
}

/** Opens the sandbox for the duration of a command. */
export async function withSandbox<Result>(use: (sandbox: Sandbox) => Promise<Result>): Promise<Result> {
  await using sandbox = await openInterpreters(readConfig())
  return await use(sandbox)
}

/** The bytes of a file; `-` is stdin. @throws NOT_FOUND */
export async function readBytes(file: string): Promise<Buffer> {
  // Synchronously, because reading a small file through Node's thread pool costs ten times as much, and programs that
  // arrive together are read together.
  return (file === '-' ? buffer(process.stdin) : Promise.try(() => readFileSync(file))).catch((cause: unknown) => {
    throw new PlatformError('NOT_FOUND', `the program ${file} cannot be read`, {
      hint: 'Give the path of a Python file, or - for stdin.',
      cause,
    })
  })
}

/** A program's text, as Python reads it. @throws NOT_FOUND, INVALID_INPUT */
export const readProgram = async (file: string): Promise<string> => sourceText(await readBytes(file), file)

/**
 * Processes the items, several at once, and passes the results on in the order of the items. A failing item is reported
 * on stderr and sets the exit code; the others are still processed.
 */
export async function each<Item extends string, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  tell: (result: Result) => void,
): Promise<void> {
  const results = new Map<number, Promise<() => void>>()
  const begin = (at: number): void => {
    const item = items[at]
    if (item !== undefined)
      results.set(
        at,
        work(item).then(
          result => () => tell(result),
          (error: unknown) => () => tellFailure(item, error),
        ),
      )
  }
  const beginMany = (from: number, count: number): void =>
    Array.from({ length: count }).forEach((_, at) => begin(from + at))
  beginMany(0, width)
  for (const at of items.keys()) {
    const finish = await results.get(at)
    results.delete(at)
    finish?.()
    if ((at + 1) % burst === 0) beginMany(at + 1 + width - burst, burst)
  }
}

function tellFailure(item: string, error: unknown): void {
  const { code, message, hint } = failureOf(error)
  process.stderr.write(`${item}: ${code}: ${message}\n${hint}\n`)
  process.exitCode = codes[code].exit
}

/** Whether each result is a line of its own. */
export const asLines = (items: readonly unknown[], { jsonl }: Output): boolean => jsonl === true || items.length > 1

/** Prints a result as data, or as text for a person. */
export function report<Result>(
  result: Result,
  options: Output,
  lines: boolean,
  toText: (result: Result) => string,
): void {
  if (options.json === true || options.jsonl === true || lines) printData(result)
  else process.stdout.write(`${toText(result)}\n`)
}
