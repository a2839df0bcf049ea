import type { CodingAgent } from './coding-agent.ts'

export const diagnosis = 'incident-triage/diagnose'

/** The first step of a coding agent that knows nothing about the fault; the diagnosis names the fix. */
export async function diagnose(agent: CodingAgent): Promise<void> {
  await agent.call('find', {})
  await agent.read(diagnosis)
}
