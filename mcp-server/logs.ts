import type { ServerContext } from '@modelcontextprotocol/server'
import type { Config } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import { targetOf } from '../platform/targets/resolve.ts'
import type { ProcessLog } from '../platform/targets/target.ts'
import { byTime, readEntries } from '../skills/incident-triage/log-entries.ts'
import { budget } from './answer.ts'
import { isTheirs } from './caller.ts'
import { jobId, noJob } from './job-file.ts'
import type { McpContext } from './server-context.ts'
import { clean, pagesOf } from './text.ts'

const logsOf = async ({ LEARNFLOW_DATA_DIR: folder }: Config): Promise<ProcessLog[]> =>
  (await targetOf(folder)).logs(folder)

/** The logs of the platform that `up` started, in one. */
export const platformLog = {
  /** Its URI in MCP; undefined when there is no log. */
  uri: async (config: Config): Promise<string | undefined> =>
    (await logsOf(config)).length > 0 ? 'learnflow://log/platform' : undefined,
  lines: async (config: Config): Promise<string[]> => {
    const logs = await logsOf(config)
    const query = { level: 0, grep: undefined, named: logs.length > 1 }
    const read = await Promise.all(logs.map(async log => readEntries(log, query)))
    return read
      .flatMap(({ entries }) => entries)
      .toSorted(byTime)
      .map(({ at, text }) => `${at} ${text}`.trim())
  },
}

/**
 * A page of a log, newest lines first, at most 400 tokens; its contents are untrusted.
 * @throws NOT_FOUND
 */
export async function logPage(mcp: McpContext, context: ServerContext, name: string, page: number): Promise<string> {
  const lines = await linesOf(mcp, context, name)
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

async function linesOf(mcp: McpContext, context: ServerContext, name: string): Promise<string[]> {
  if (name === 'platform') return platformLog.lines(mcp.settingsNow())
  if (jobId.test(name)) {
    const { job, lines } = await mcp.jobs.status(name)
    if (!isTheirs(context, job)) throw noJob(name)
    return lines
  }
  throw new PlatformError('NOT_FOUND', 'there is no such log', {
    hint: 'learnflow://log/platform, or the id of a job.',
  })
}
