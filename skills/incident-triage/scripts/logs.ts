import { existsSync } from 'node:fs'
import * as z from 'zod'
import { within } from '../../../platform/data-folder.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { readLines } from '../../platform-up/log-tail.ts'
import { defineScript, runAsMain } from '../../script.ts'

/** pino's numbers. */
const levels = { debug: 20, info: 30, warn: 40, error: 50 } as const
const longest = 300
const shown = 80

interface Entry {
  level: number
  at: string
  text: string
}

const logs = defineScript({
  about: 'Searches the log of the platform by level and text, newest last.',
  effect: 'reads',
  quotes: true,
  needs: ['folder'],
  input: z.object({
    level: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('the least severe'),
    grep: z.string().min(1).max(200).optional().describe('only lines with this text'),
    tail: z.number().int().min(1).max(500).default(20).describe('the last so many, 1-500'),
  }),
  output: z.object({ log: z.string(), matched: z.number().int(), lines: z.array(z.string()) }),
  async run({ level, grep, tail }, { config }) {
    const { log } = within(config.LEARNFLOW_DATA_DIR)
    if (!existsSync(log)) throw new PlatformError('NOT_FOUND', `there is no log ${log}: nothing was started with up`, { hint: 'learnflow up' })
    const matched = (await readLines(log)).lines
      .filter(line => grep === undefined || line.includes(grep))
      .map(entryOf)
      .filter(entry => entry.level >= levels[level])
    const lines = matched.slice(-tail).map(({ at, text }) => `${at} ${text}`.trim().slice(0, longest))
    const last = matched.at(-1)?.text
    return {
      summary: `${matched.length} lines at ${level} or worse${last === undefined ? '' : `; last: ${last.length > shown ? `${last.slice(0, shown)}…` : last}`}`,
      data: { log, matched: matched.length, lines },
    }
  },
})

/** A line as a person reads it. What is no JSON is what a command printed when it failed. */
function entryOf(line: string): Entry {
  try {
    const { level, time, msg, err, ...rest } = JSON.parse(line) as {
      level: number
      time: number
      msg?: string
      err?: { message?: string }
      [field: string]: unknown
    }
    const fields = Object.entries(rest).filter(([name]) => !['pid', 'hostname'].includes(name))
    const text = [word(level), msg, err?.message, ...fields.map(([name, value]) => `${name}=${JSON.stringify(value)}`)].filter(part => part !== undefined)
    return { level, at: new Date(time).toISOString(), text: text.join(' ') }
  } catch {
    return { level: /^[A-Z_]+: /.test(line) ? levels.error : levels.info, at: '', text: line }
  }
}

const word = (level: number): string => Object.entries(levels).findLast(([, number]) => level >= number)?.[0] ?? 'debug'
export default logs
if (import.meta.main) await runAsMain(import.meta, logs)
