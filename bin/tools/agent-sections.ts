import type { AgentDefinition } from '../../agents/agent.ts'
import { loadAgents } from '../../agents/agents.ts'

/**
 * A part of a file that is generated from the agents' definitions. The first match of `part` is replaced by `wanted`.
 */
export interface Section {
  file: string
  part: RegExp
  wanted: string
}

/** The policies of `resiliency.yaml` for the calls of an agent's methods: what a synchronous answer leaves time for. */
const policiesFor = ({ name }: AgentDefinition): string =>
  [`${name}:`, '  timeout: answer', '  retry: once', '  circuitBreaker: app'].map(line => `      ${line}\n`).join('')

/** The scopes of Dapr's subscription, the policies for calls of agents, and the table of agents in the docs. */
export async function agentSections(): Promise<Section[]> {
  const agents = await loadAgents()
  const rows = agents.map(({ name, concurrency, consumes, answersQuestions = false }) => {
    const events = Object.keys(consumes)
      .map(type => `\`${type}\``)
      .join(', ')
    return `| \`${name}\` | ${events} | ${answersQuestions ? 'yes' : 'no'} | ${concurrency} |`
  })
  const table = ['| agent | consumes | answers questions | students at once |', '| --- | --- | --- | --- |', ...rows]
  return [
    {
      file: 'manifests/dapr/subscriptions/learning-events.yaml',
      part: /(?<=^scopes:\n)(?: {2}- .+\n)+/m,
      wanted: agents.map(({ name }) => `  - ${name}\n`).join(''),
    },
    {
      file: 'manifests/dapr/resiliency/resiliency.yaml',
      part: /(?<=^ {4}apps:\n)(?: {6}.+\n)+/m,
      wanted: agents
        .filter(({ methods }) => methods !== undefined)
        .map(policiesFor)
        .join(''),
    },
    {
      file: 'docs/architecture.md',
      part: /(?<=<!-- agents:begin -->\n).*?(?=<!-- agents:end -->)/s,
      wanted: table.map(line => `${line}\n`).join(''),
    },
  ]
}
