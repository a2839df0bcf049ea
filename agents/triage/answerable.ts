import type { AgentName } from '../../schemas/words.ts'
import type { AgentDirectory } from '../agent.ts'

const defaultInstead = 'GET /api/v1/exercises has exercises to go on with.'

/** Whether an agent answers questions now. */
export const answers = (agent: AgentName, agents: AgentDirectory): boolean =>
  agents.runs(agent) && agents.find(agent)?.answersQuestions === true

/** Why a question is routed to no agent, and what the student can do instead. */
export function unroutedReason(agent: AgentName | null, agents: AgentDirectory): { code: string | null; hint: string } {
  if (agent === null) return { code: null, hint: 'Say in a few more words what you want to know about Python.' }
  const instead = agents.find(agent)?.insteadOfAnAnswer ?? defaultInstead
  if (agents.runs(agent)) return { code: null, hint: instead }
  return {
    code: 'AGENT_ABSENT',
    hint: `The agent ${agent} is not deployed here; nothing was queued. ${instead}`,
  }
}
