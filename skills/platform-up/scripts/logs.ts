import { existsSync } from 'node:fs'
import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { openSupervisor } from '../../../platform/open.ts'
import { processNames, readTopology } from '../../../platform/targets/local/topology.ts'
import { localSupervisor } from '../../../platform/targets/local/home.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { apiProcess } from '../local.ts'
import { readLines } from '../../../platform/targets/log-tail.ts'
import { supervised } from '../../../platform/targets/running.ts'

const maxLineLength = 400

const logs = defineScript({
  about: 'Reads the last lines of the log of the platform that `up` started.',
  effect: 'reads',
  needs: ['folder'],
  input: z.object({
    lines: z.number().int().min(1).max(1_000).default(20).describe('how many, 1-1000'),
    process: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/)
      .optional()
      .describe('of which process, where there are many'),
    grep: z.string().min(1).optional().describe('only lines with this text'),
  }),
  output: z.object({ log: z.string(), matched: z.number().int(), lines: z.array(z.string()) }),
  async run({ lines: maxLines, grep, process }, { config }) {
    const folder = config.LEARNFLOW_DATA_DIR
    const many = (await readTopology(folder)) !== undefined
    const { log } = await (many
      ? localSupervisor(folder).status(process ?? apiProcess)
      : openSupervisor(folder).status(process ?? supervised))
    const names = many ? await processNames(folder) : []
    if (!existsSync(log))
      throw new PlatformError('NOT_FOUND', `there is no log ${log}: nothing of that name was started with up`, {
        hint: names.length === 0 ? 'learnflow up' : `There are: ${names.join(', ')}.`,
      })
    const matched = (await readLines(log)).lines.filter(line => grep === undefined || line.includes(grep))
    const lines = matched
      .slice(-maxLines)
      .map(line => (line.length > maxLineLength ? `${line.slice(0, maxLineLength - 1)}…` : line))
    const errors = matched.filter(line => /"level":[56]0/.test(line) || /^[A-Z_]+: /.test(line)).length
    return {
      summary: `${matched.length} lines${grep === undefined ? '' : ` with ${grep.slice(0, 40)}`}, ${errors} errors, in ${log}`,
      data: { log, matched: matched.length, lines },
    }
  },
})
export default logs
if (import.meta.main) await runAsMain(import.meta, logs)
