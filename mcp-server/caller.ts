import type { ServerContext } from '@modelcontextprotocol/server'
import type { JobState } from './job-file.ts'

/**
 * The subject of the caller's token, which is one person's; undefined where no token is needed: whoever calls has the
 * machine.
 */
export const callerOf = ({ http }: Pick<ServerContext, 'http'>): string | undefined =>
  http?.authInfo === undefined ? undefined : String(http.authInfo.extra?.['sub'])

/** Whether a job is the caller's. */
export const isTheirs = (context: Pick<ServerContext, 'http'>, { by }: Pick<JobState, 'by'>): boolean => {
  const caller = callerOf(context)
  return caller === undefined || by === caller
}
