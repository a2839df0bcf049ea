import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { agentName, agentOf } from '../name.ts'
import { probedForAll, smokeTestAgent } from '../smoke-test.ts'

/** What is restarted when no name is given: every agent that runs, then the API where it has processes of its own. */
const apiName = 'api'

const restart = defineScript({
  about:
    'Starts one agent anew, or all and the API, once what is in hand is finished: one process at a time, the ' +
    'next when the former works again.',
  effect: 'changes',
  needs: ['platform', 'agents', 'log'],
  input: z.object({
    name: agentName.optional().describe('the agent, or api where it has processes of its own; without it all'),
  }),
  output: z.object({ restarted: z.array(z.string()), drained: z.number().int(), proof: z.string() }),
  async run({ name }, { agents, log, config, dryRun }) {
    const all = await agents.list()
    const many = all.some(({ unit }) => unit === 'processes')
    const names =
      name === undefined
        ? [...all.filter(({ running }) => running).map(agent => agent.name), ...(many ? [apiName] : [])]
        : [name]
    const known = new Map(all.map(agent => [agent.name, agent]))
    if (name !== undefined && !(many && name === apiName)) await agentOf(agents, name)
    const drained = names.reduce((sum, one) => sum + (known.get(one)?.busy ?? 0), 0)
    if (dryRun) {
      const up = names.filter(one => known.get(one)?.running ?? true)
      const inHand = (one: string): string =>
        known.get(one)?.busy === undefined ? 'what is in hand' : `${known.get(one)?.busy ?? 0} items`
      const plan = up.map(
        one => `finish ${inHand(one)} of ${one}, then start it${many ? ', one process at a time' : ''}`,
      )
      return {
        changed: up.length,
        summary: `restart ${names.join(', ')}`,
        data: { restarted: [], drained: 0, proof: '' },
        plan,
      }
    }
    for (const one of names)
      if ((await agents.restart(one)) === 'unchanged')
        throw new PlatformError('AGENT_ABSENT', `the agent ${one} is removed`, {
          hint: `learnflow tutoring-agents deploy ${one}`,
        })
    const proof = await smokeTestAgent(name === undefined || name === apiName ? probedForAll : name, {
      agents,
      log,
      config,
    })
    const shown = names.length > 1 ? `${names.length} restarted` : `${names.join('')} restarted`
    return {
      changed: names.length,
      summary: `${shown}${many ? '' : `, ${drained} items finished before`}, ${proof}`,
      data: { restarted: names, drained, proof },
    }
  },
})
export default restart
if (import.meta.main) await runAsMain(import.meta, restart)
