import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { targetOf } from '../../../platform/targets/resolve.ts'
import type { ProcessLog } from '../../../platform/targets/target.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { byTime, type Entry, levels, type LogQuery, readEntries } from '../log-entries.ts'
import { counted } from '../../../schemas/counted.ts'

const maxLength = 300
const shownLength = 80
const pollMs = 300

const logs = defineScript({
  about: 'Searches the logs of all processes of the platform, newest last.',
  effect: 'reads',
  quotes: true,
  needs: ['folder'],
  input: z.object({
    lines: z.number().int().min(1).max(1_000).default(20).describe('how many, 1-1000'),
    level: z.enum(['debug', 'info', 'warn', 'error']).default('debug').describe('the least severe'),
    grep: z.string().min(1).max(200).optional().describe('a text in it'),
    process: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/)
      .optional()
      .describe('or how its name begins'),
    follow: z.boolean().default(false).describe('go on until stopped'),
  }),
  output: z.object({
    logs: z.array(z.string()),
    matched: z.number().int(),
    skipped: z.number().int(),
    lines: z.array(z.string()),
  }),
  async run({ lines: maxLines, level, grep, process, follow }, { config, line, signal }) {
    const folder = config.LEARNFLOW_DATA_DIR
    const present = await (await targetOf(folder)).logs(folder)
    if (present.length === 0)
      throw new PlatformError('NOT_FOUND', `there is no log in ${folder}: nothing was started with up`, {
        hint: 'learnflow up',
      })
    const exact = present.filter(log => log.process === process)
    const chosen = exact.length > 0 ? exact : present.filter(log => log.process.startsWith(process ?? ''))
    if (chosen.length === 0)
      throw new PlatformError('NOT_FOUND', `no process here is called ${process?.slice(0, 40) ?? ''}`, {
        hint: `There are: ${present.map(log => log.process).join(', ')}.`,
      })
    const query: LogQuery = { level: levels[level], grep, named: chosen.length > 1 }
    const read = await Promise.all(chosen.map(async log => readEntries(log, query)))
    const matched = read.flatMap(({ entries }) => entries).toSorted(byTime)
    const lines = matched.slice(-maxLines).map(textOf)
    for (const text of lines) line(text)
    if (follow) {
      const ends = read.map(({ end }) => end)
      await followLogs(chosen, ends, query, entry => line(textOf(entry)), signal)
    }
    const last = matched.at(-1)?.text
    const where = chosen.length > 1 ? ` of ${counted(chosen.length, 'process')}` : ''
    const skipped = read.reduce((sum, log) => sum + log.skipped, 0)
    const part = skipped === 0 ? '' : `, ${Math.ceil(skipped / 1e6)} MB of older lines not read`
    const errors = matched.filter(entry => entry.level >= levels.error).length
    return {
      summary: `${counted(matched.length, 'line')}${where}, ${counted(errors, 'error')}${part}${last === undefined ? '' : `; last: ${last.length > shownLength ? `${last.slice(0, shownLength)}…` : last}`}`,
      data: { logs: chosen.map(log => log.where), matched: matched.length, skipped, lines },
    }
  },
})
const textOf = ({ at, text }: Entry): string => `${at} ${text}`.trim().slice(0, maxLength)

/** Ends with the signal, which it throws. */
async function followLogs(
  logs: readonly ProcessLog[],
  from: readonly number[],
  query: LogQuery,
  report: (entry: Entry) => void,
  signal: AbortSignal,
): Promise<never> {
  for (let ends = from; ;) {
    await sleep(pollMs, undefined, { signal })
    const more = await Promise.all(logs.map(async (log, at) => readEntries(log, query, ends[at])))
    ends = more.map(({ end }) => end)
    for (const entry of more.flatMap(({ entries }) => entries).toSorted(byTime)) report(entry)
  }
}
export default logs
if (import.meta.main) await runAsMain(import.meta, logs)
