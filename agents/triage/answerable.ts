import type { AgentName } from '../../schemas/words.ts'

/** The agents that answer questions; the others have routes of their own. */
const answering: ReadonlySet<AgentName> = new Set(['concepts', 'review', 'debug'])

/** Whether a question can be put to an agent, among those that are deployed. */
export const answers = (agent: AgentName, deployed: readonly AgentName[]): boolean =>
  answering.has(agent) && deployed.includes(agent)

/** Why a routed question goes to nobody, and what the student can do instead. */
export function unroutedReason(
  agent: AgentName | null,
  deployed: readonly AgentName[],
): { code: string | null; hint: string } {
  if (agent === null) return { code: null, hint: 'Say in a few more words what you want to know about Python.' }
  if (!deployed.includes(agent))
    return {
      code: 'AGENT_ABSENT',
      hint: `The agent ${agent} is not deployed here; nothing was queued. GET /api/v1/exercises has exercises to go on with.`,
    }
  if (agent === 'exercise')
    return { code: null, hint: 'GET /api/v1/exercises lists exercises; POST /api/v1/submissions hands a program in.' }
  return { code: null, hint: 'GET /api/v1/agents/progress/mastery/{student_id} shows your progress.' }
}
