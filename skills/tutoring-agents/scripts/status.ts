import * as z from 'zod'
import { defineScript, runAsMain } from '../../script.ts'
import { agentFacts, type AgentFacts } from '../agent-facts.ts'

const Facts = z.object({
  name: z.string(),
  status: z.enum(['running', 'removed', 'absent']),
  lanes: z.number().int(),
  lag: z.number().int(),
  waiting: z.number().int(),
  dead: z.number().int(),
  in_hand: z.number().int(),
  oldest_seconds: z.number().int(),
})

const status = defineScript({
  about: 'Shows every agent: whether it runs, its lag, what waits in its inbox, dead items and work in hand.',
  effect: 'reads',
  needs: ['platform', 'agents', 'log', 'history'],
  input: z.object({}),
  output: z.object({ agents: z.array(Facts) }),
  async run(_input, { agents, log, history }) {
    const found = await agentFacts(agents.list(), log, history.db)
    return { summary: summaryOf(found), data: { agents: found } }
  },
})

/** Totals, then those that need a look. */
function summaryOf(found: readonly AgentFacts[]): string {
  const total = (field: 'lag' | 'waiting' | 'dead' | 'in_hand'): number => found.reduce((sum, agent) => sum + agent[field], 0)
  const named = (status: AgentFacts['status']): string => {
    const names = found.filter(agent => agent.status === status).map(({ name }) => name)
    return names.length === 0 ? '' : `; ${status}: ${names.join(' ')}`
  }
  const busiest = found.filter(agent => agent.waiting + agent.lag > 0).toSorted((one, other) => other.waiting + other.lag - one.waiting - one.lag)[0]
  const most = busiest === undefined ? '' : `; most: ${busiest.name} ${busiest.waiting + busiest.lag}, ${busiest.oldest_seconds} s`
  const running = found.filter(agent => agent.status === 'running').length
  return `${running} run, lag ${total('lag')}, waiting ${total('waiting')}, dead ${total('dead')}, in hand ${total('in_hand')}${most}${named('removed')}${named('absent')}`
}
export default status
if (import.meta.main) await runAsMain(import.meta, status)
