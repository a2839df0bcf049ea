import type { ProcessLog } from '../../platform/targets/target.ts'

/** The numbers of pino's levels. */
export const levels = { debug: 20, info: 30, warn: 40, error: 50 } as const
export type Level = keyof typeof levels

/** One line of a log; `at` is ISO 8601, empty when the line has no time. */
export interface Entry {
  level: number
  at: string
  text: string
}

/**
 * Parses a line of a log: JSON of our own processes; the formats of Kafka, Redis, PostgreSQL and Dapr; otherwise the
 * text that a command printed when it failed.
 */
export function entryOf(line: string): Entry {
  return ourOwn(line) ?? foreign(line)
}

function ourOwn(line: string): Entry | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const { level, time, msg, err, ...rest } = JSON.parse(line) as {
      level: number
      time: number
      msg?: string
      err?: { message?: string }
      [field: string]: unknown
    }
    const fields = Object.entries(rest).filter(([name]) => !['pid', 'hostname'].includes(name))
    const text = [
      word(level),
      msg,
      err?.message,
      ...fields.map(([name, value]) => `${name}=${JSON.stringify(value)}`),
    ].filter(part => part !== undefined)
    return { level, at: new Date(time).toISOString(), text: text.join(' ') }
  } catch {
    return undefined
  }
}

const word = (level: number): string => Object.entries(levels).findLast(([, number]) => level >= number)?.[0] ?? 'debug'

/** Which lines are wanted: of at least this level, with this text. `named`: the process stands before the text. */
export interface LogQuery {
  level: number
  grep: string | undefined
  named: boolean
}

/** The wanted lines of a log from position `from` on. A line without a time has that of the line before it. */
export async function readEntries(
  { process, read }: ProcessLog,
  { level, grep, named }: LogQuery,
  from = 0,
): Promise<{ entries: Entry[]; end: number; skipped: number }> {
  const { lines, end, skipped } = await read(from)
  let at = ''
  const entries = lines.map(line => {
    const entry = entryOf(line)
    at = entry.at === '' ? at : entry.at
    return { line, entry: { ...entry, at, text: named ? `${process} ${entry.text}` : entry.text } }
  })
  const wanted = entries.filter(
    ({ line, entry }) => entry.level >= level && (grep === undefined || line.includes(grep)),
  )
  return { entries: wanted.map(({ entry }) => entry), end, skipped }
}

/** The order of two lines of the same or of different logs. */
export const byTime = (one: Entry, other: Entry): number => (one.at < other.at ? -1 : Number(one.at > other.at))

/**
 * The severity words of those programs; PostgreSQL's LOG, Redis's `*` and `-` and lines without one count as
 * information.
 */
const severe: readonly [RegExp, Level][] = [
  [/^[A-Z_]+: |\b(?:ERROR|FATAL|PANIC)\b|level=(?:error|fatal)/, 'error'],
  [/\bWARN(?:ING)?\b|level=warn|^\d+:[MSCX] .{20,30} # /, 'warn'],
  [/\bDEBUG\b|level=debug/, 'debug'],
]
const times = [
  /^\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d{3}(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)/,
  /^\d+:[MSCX] (\d\d \w{3} \d{4} \d\d:\d\d:\d\d\.\d{3})/,
  /^time="([^"]+)"/,
]

function foreign(line: string): Entry {
  const level = severe.find(([pattern]) => pattern.test(line))?.[1] ?? 'info'
  const said = times.map(pattern => pattern.exec(line)?.[1]).find(match => match !== undefined)
  const at = said === undefined ? Number.NaN : Date.parse(said.replace(',', '.'))
  return { level: levels[level], at: Number.isNaN(at) ? '' : new Date(at).toISOString(), text: line }
}
