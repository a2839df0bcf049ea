import type { AgentName, Intent } from '../../schemas/words.ts'
import { englishPlease } from '../../tutor/message/language.ts'
import type { AgentDirectory } from '../agent.ts'

const defaultInstead = 'GET /api/v1/exercises has exercises to go on with.'

/** Whether an agent answers questions now. */
export const answers = (agent: AgentName, agents: AgentDirectory): boolean =>
  agents.runs(agent) && agents.find(agent)?.answersQuestions === true

/**
 * Why a question is routed to no agent, and what the student can do instead; with a sentence in the language of the
 * question (a BCP 47 tag) that asks for English, where that is another one.
 */
export function unroutedReason(
  agent: AgentName | null,
  agents: AgentDirectory,
  language = 'en',
): { code: string | null; hint: string } {
  if (agent === null) {
    const hint = 'Say in a few more words what you want to know about Python.'
    const please = englishPlease(language)
    return { code: null, hint: please === null ? hint : `${please} ${hint}` }
  }
  const instead = agents.find(agent)?.insteadOfAnAnswer ?? defaultInstead
  if (agents.runs(agent)) return { code: null, hint: instead }
  return {
    code: 'AGENT_ABSENT',
    hint: `The agent ${agent} is not deployed here; nothing was queued. ${instead}`,
  }
}

/** The second intent of a routed question, as its event carries it. */
export const secondOf = ([, second]: readonly Intent[] = []): { second_intent?: Intent } =>
  second === undefined ? {} : { second_intent: second }
