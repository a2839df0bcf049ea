import { extname, join } from 'node:path'
import { type AgentName, agentNames } from '../schemas/words.ts'
import type { AgentDefinition, AgentDirectory } from './agent.ts'

/** The definition of every built agent, each the default export of `agents/<name>/agent.ts`. */
export async function loadAgents(): Promise<readonly AgentDefinition[]> {
  return Promise.all(agentNames.map(loadAgent))
}

/** @throws when the file defines an agent of another name. */
async function loadAgent(name: AgentName): Promise<AgentDefinition> {
  const file = join(import.meta.dirname, name, `agent${extname(import.meta.filename)}`)
  const { default: agent } = (await import(file)) as { default: AgentDefinition }
  if (agent.name !== name) throw new Error(`${file} defines the agent ${agent.name}`)
  return agent
}

/** The agents of a platform, with a switch for each that only the agent manager sets. */
export interface AgentSwitchboard extends AgentDirectory {
  set(name: AgentName, running: boolean): void
}

/** A directory of these agents. All of them count as running until they are set otherwise. */
export function agentDirectory(agents: readonly AgentDefinition[]): AgentSwitchboard {
  const built = new Map(agents.map(agent => [agent.name, agent]))
  const running = new Set(built.keys())
  return {
    find: name => built.get(name),
    runs: name => running.has(name),
    set: (name, runs) => void (runs ? running.add(name) : running.delete(name)),
  }
}
