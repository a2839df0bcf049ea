import type { CodingAgent } from './coding-agent.ts'

export const diagnosis = 'incident-triage/diagnose'

/** What a coding agent that knows nothing does first; the fault names its fix. */
export async function diagnose(agent: CodingAgent): Promise<void> {
  await agent.call('find', {})
  await agent.read(diagnosis)
}
