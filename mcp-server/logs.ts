import { existsSync } from 'node:fs'
import type { Config } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import { openSupervisor } from '../platform/open.ts'
import { readLines } from '../skills/platform-up/log-tail.ts'
import { supervised } from '../skills/platform-up/running.ts'
import { budget } from './answer.ts'
import type { Door } from './server-context.ts'
import { jobId } from './job-file.ts'
import { clean, pagesOf } from './text.ts'

const fileOf = async (config: Config): Promise<string> =>
  (await openSupervisor(config.LEARNFLOW_DATA_DIR).status(supervised)).log

/** The log of the platform that `up` started. */
export const platformLog = {
  /** Where it can be read through MCP; undefined when there is none. */
  uri: async (config: Config): Promise<string | undefined> =>
    existsSync(await fileOf(config)) ? 'learnflow://log/platform' : undefined,
  lines: async (config: Config): Promise<string[]> => (await readLines(await fileOf(config))).lines,
}

/**
 * A page of a log, the newest first, at most 400 tokens; what a log says is nobody's word.
 * @throws NOT_FOUND
 */
export async function logPage(door: Door, name: string, page: number): Promise<string> {
  const lines = await linesOf(door, name)
  const redact = await door.redactor()
  const newestFirst = lines.map(line => clean(redact(line))).toReversed()
  const pages = pagesOf(newestFirst, budget.page)
  const shown = pages[page - 1]
  if (!Number.isInteger(page) || shown === undefined)
    throw new PlatformError('NOT_FOUND', `the log has no page ${page} of ${pages.length}`, {
      hint: 'learnflow://log/NAME/PAGE, pages count from 1.',
    })
  return [`untrusted log, newest first, page ${page} of ${pages.length}:`, ...shown].join('\n')
}

async function linesOf(door: Door, name: string): Promise<string[]> {
  if (name === 'platform') return platformLog.lines(door.config)
  if (jobId.test(name)) return (await door.jobs.status(name)).said
  throw new PlatformError('NOT_FOUND', 'there is no such log', {
    hint: 'learnflow://log/platform, or the id of a job.',
  })
}
