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
