import * as z from 'zod'
import { PlatformError } from '../../platform/errors.ts'
import type { AgentControl, AgentState } from '../../platform/ports/agent-control.ts'

/** The one positional argument of the scripts about one agent. */
export const agentName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'a name is lower case letters, digits and hyphens')
  .describe('the agent, such as exercise')
  .meta({ positional: true })

/** @throws AGENT_ABSENT */
export async function agentOf(agents: AgentControl, name: string): Promise<AgentState> {
  const all = await agents.list()
  const found = all.find(agent => agent.name === name)
  if (found !== undefined) return found
  throw new PlatformError('AGENT_ABSENT', `the agent ${name} is not built here`, {
    hint: `There are: ${all.map(agent => agent.name).join(', ')}.`,
  })
}

/** `3 processes`, `1 lane`. */
export const sized = (size: number, unit: AgentState['unit']): string =>
  `${size} ${size === 1 ? (unit === 'lanes' ? 'lane' : 'process') : unit}`
