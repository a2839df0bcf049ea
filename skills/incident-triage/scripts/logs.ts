import { existsSync } from 'node:fs'
import * as z from 'zod'
import { dataPaths } from '../../../platform/owner/data-folder.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { localPaths } from '../../../platform/targets/local/layout.ts'
import { localProcesses } from '../../platform-up/local.ts'
import { readLines } from '../../../platform/targets/log-tail.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { type Entry, entryOf, levels } from '../entries.ts'

const maxLength = 300
const shown = 80

const logs = defineScript({
  about: 'Searches the logs of the platform, of all its processes in one, by level and text, newest last.',
  effect: 'reads',
  quotes: true,
  needs: ['folder'],
  input: z.object({
    level: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('the least severe'),
    grep: z.string().min(1).max(200).optional().describe('only lines with this text'),
    process: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/)
      .optional()
      .describe('only of this process, or of those whose name begins so'),
    tail: z.number().int().min(1).max(500).default(20).describe('the last so many, 1-500'),
  }),
  output: z.object({ log: z.string(), matched: z.number().int(), lines: z.array(z.string()) }),
  async run({ level, grep, process, tail }, { config }) {
    const folder = config.LEARNFLOW_DATA_DIR
    const present = (await localProcesses(folder)).filter(({ log }) => existsSync(log))
    const many = present.filter(({ name }) => name.startsWith(process ?? ''))
    if (process !== undefined && many.length === 0)
      throw new PlatformError('NOT_FOUND', `no process here is called ${process.slice(0, 40)}`, {
        hint:
          present.length === 0
            ? 'On the embedded target there is one log.'
            : `There are: ${present.map(({ name }) => name).join(', ')}.`,
      })
    const files = many.length > 0 ? many : [{ name: '', log: dataPaths(folder).log }]
    if (!files.some(({ log }) => existsSync(log)))
      throw new PlatformError('NOT_FOUND', `there is no log ${files[0]?.log ?? ''}: nothing was started with up`, {
        hint: 'learnflow up',
      })
    const all = await Promise.all(
      files.map(async ({ name, log }) => entriesIn(name, log, line => grep === undefined || line.includes(grep))),
    )
    const matched = all
      .flat()
      .filter(entry => entry.level >= levels[level])
      .toSorted((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)))
    const lines = matched.slice(-tail).map(({ at, text }) => `${at} ${text}`.trim().slice(0, maxLength))
    const last = matched.at(-1)?.text
    const where = many.length > 1 ? ` of ${many.length} processes` : ''
    return {
      summary: `${matched.length} lines${where} at ${level} or worse${last === undefined ? '' : `; last: ${last.length > shown ? `${last.slice(0, shown)}…` : last}`}`,
      data: {
        log: many.length > 1 ? localPaths(folder).processes : (files[0]?.log ?? ''),
        matched: matched.length,
        lines,
      },
    }
  },
})

/** Lines without a time are placed after the line before them. */
async function entriesIn(process: string, log: string, wanted: (line: string) => boolean): Promise<Entry[]> {
  let at = ''
  const entries = (await readLines(log)).lines.map(line => {
    const entry = entryOf(line)
    at = entry.at === '' ? at : entry.at
    return { line, entry: { ...entry, at, text: process === '' ? entry.text : `${process} ${entry.text}` } }
  })
  return entries.filter(({ line }) => wanted(line)).map(({ entry }) => entry)
}
export default logs
if (import.meta.main) await runAsMain(import.meta, logs)
