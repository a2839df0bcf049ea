import * as z from 'zod'
import { learningEvents } from '../../../schemas/topics.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { agentFacts, AgentFacts } from '../agent-facts.ts'
import { counted } from '../../../schemas/counted.ts'

const status = defineScript({
  about:
    'Shows every agent: whether it runs, with how many processes or lanes, the partitions it holds, its lag, ' +
    'what waits, dead items and work in hand.',
  effect: 'reads',
  needs: ['platform', 'agents', 'log', 'history'],
  input: z.object({}),
  output: z.object({ agents: z.array(AgentFacts) }),
  async run(_input, { agents, log, history }) {
    const found = await agentFacts(await agents.list(), log, history.db)
    return { summary: summaryOf(found), data: { agents: found } }
  },
})

/** Totals, then the agents that need attention. */
function summaryOf(found: readonly AgentFacts[]): string {
  const total = (field: 'lag' | 'waiting' | 'dead' | 'in_hand'): number =>
    found.reduce((sum, agent) => sum + agent[field], 0)
  const list = (title: string, names: readonly string[]): string =>
    names.length === 0 ? '' : `; ${title}: ${names.join(' ')}`
  const named = (what: AgentFacts['status']): string =>
    list(
      what,
      found.filter(agent => agent.status === what).map(({ name }) => name),
    )
  const running = found.filter(agent => agent.status === 'running')
  const partly = running
    .filter(({ partitions }) => partitions < learningEvents.partitions)
    .map(({ name, partitions }) => `${name} ${partitions}`)
  const busiest = found
    .filter(agent => agent.waiting + agent.lag > 0)
    .toSorted((one, other) => other.waiting + other.lag - one.waiting - one.lag)[0]
  const busiestText =
    busiest === undefined ? '' : `; most: ${busiest.name} ${busiest.waiting + busiest.lag}, ${busiest.oldest_seconds} s`
  const processes = running.reduce((sum, { unit, up }) => sum + (unit === 'processes' ? up : 0), 0)
  const run = `${running.length} run${processes === 0 ? '' : ` in ${counted(processes, 'process')}`}`
  const work = `lag ${total('lag')}, waiting ${total('waiting')}, dead ${total('dead')}, in hand ${total('in_hand')}`
  return (
    `${run}, ` +
    `${work}${busiestText}${list('partitions not held', partly)}${named('down')}${named('removed')}${named('absent')}`
  )
}
export default status
if (import.meta.main) await runAsMain(import.meta, status)
