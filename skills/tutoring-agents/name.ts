import * as z from 'zod'

/** The one positional argument of the scripts about one agent. */
export const agentName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'a name is lower case letters, digits and hyphens')
  .describe('the agent, such as exercise')
  .meta({ positional: true })
