import { existsSync } from 'node:fs'
import type { Config } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import { openSupervisor } from '../platform/open.ts'
import { readLines } from '../platform/targets/log-tail.ts'
import { supervised } from '../platform/targets/running.ts'
import { budget } from './answer.ts'
import type { McpContext } from './server-context.ts'
import { jobId } from './job-file.ts'
import { clean, pagesOf } from './text.ts'

const fileOf = async (config: Config): Promise<string> =>
  (await openSupervisor(config.LEARNFLOW_DATA_DIR).status(supervised)).log

/** The log of the platform that `up` started. */
export const platformLog = {
  /** Its URI in MCP; undefined when there is no log. */
  uri: async (config: Config): Promise<string | undefined> =>
    existsSync(await fileOf(config)) ? 'learnflow://log/platform' : undefined,
  lines: async (config: Config): Promise<string[]> => (await readLines(await fileOf(config))).lines,
}

/**
 * A page of a log, newest lines first, at most 400 tokens; its contents are untrusted.
 * @throws NOT_FOUND
 */
export async function logPage(mcp: McpContext, name: string, page: number): Promise<string> {
  const lines = await linesOf(mcp, name)
  const redact = await mcp.redactor()
  const newestFirst = lines.map(line => clean(redact(line))).toReversed()
  const pages = pagesOf(newestFirst, budget.page)
  const shown = pages[page - 1]
  if (!Number.isInteger(page) || shown === undefined)
    throw new PlatformError('NOT_FOUND', `the log has no page ${page} of ${pages.length}`, {
      hint: 'learnflow://log/NAME/PAGE, pages count from 1.',
    })
  return [`untrusted log, newest first, page ${page} of ${pages.length}:`, ...shown].join('\n')
}

async function linesOf(mcp: McpContext, name: string): Promise<string[]> {
  if (name === 'platform') return platformLog.lines(mcp.config)
  if (jobId.test(name)) return (await mcp.jobs.status(name)).said
  throw new PlatformError('NOT_FOUND', 'there is no such log', {
    hint: 'learnflow://log/platform, or the id of a job.',
  })
}
