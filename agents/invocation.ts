import { PlatformError } from '../platform/errors.ts'
import type { AgentDefinition, AgentDirectory } from './agent.ts'

type Methods = NonNullable<AgentDefinition['methods']>

/**
 * The methods that other processes can invoke: agent, then method. A method of a stopped agent throws DEPENDENCY_DOWN.
 */
export function invocable(
  agents: readonly AgentDefinition[],
  directory: AgentDirectory,
): Readonly<Record<string, Methods>> {
  return Object.fromEntries(agents.map(agent => [agent.name, whileRunning(agent, directory)]))
}

function whileRunning({ name, methods = {} }: AgentDefinition, directory: AgentDirectory): Methods {
  return Object.fromEntries(
    Object.entries(methods).map(([method, answer]) => [
      method,
      (argument: unknown): unknown => {
        if (directory.runs(name)) return answer(argument)
        throw new PlatformError('DEPENDENCY_DOWN', `the agent ${name} is stopped`, {
          hint: `learnflow tutoring-agents deploy ${name}`,
        })
      },
    ]),
  )
}
