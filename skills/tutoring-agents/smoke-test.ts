import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../../platform/config.ts'
import type { AgentName } from '../../schemas/words.ts'
import { PlatformError } from '../../platform/errors.ts'
import type { AgentControl } from '../../platform/ports/agent-control.ts'
import type { EventLog } from '../../platform/ports/event-log.ts'
import { openProbe, type Probe } from '../../verify/check.ts'
import { hasProvider } from '../../platform/tokens.ts'
import { heldBy } from '../../platform/log/group-members.ts'

/**
 * In ms: the interpreters of a process that was just started start with its first program; how long that took is
 * reported.
 */
const limitMs = 60_000
const pollMs = 50
/** A probe behind so many requests is not waited for to its end, only for `queueMs`. */
const longQueue = 1_000
const queueMs = 15_000
const rightProgram = 'def square(n):\n    return n * n\n'

interface Deps {
  agents: AgentControl
  log: Pick<EventLog, 'members'>
  config: Config
}

/**
 * Tests an agent and returns what was seen: its members, the partitions they hold, and a probe that passes through it.
 * @throws CHECK_FAILED when the probe does not.
 */
export async function smokeTestAgent(name: string, { agents, log, config }: Deps): Promise<string> {
  const running = new Set((await agents.list()).filter(agent => agent.running).map(agent => agent.name))
  if (!running.has(name)) return 'it is not deployed'
  const held = await heldBy(log, name)
  const facts = `${held.reduce((sum, count) => sum + count, 0)} partitions held by ${held.length}`
  const own = Object.entries(probes).find(([agent]) => agent === name)?.[1]
  if (own === undefined || own.needs.some(agent => !running.has(agent))) return facts
  if (hasProvider(config)) return `${facts}, no probe: only the identity provider makes tokens`
  const probe = await openProbe(config.LEARNFLOW_DATA_DIR, config)
  const start = performance.now()
  const done = await own.pass(probe)
  return `${facts}, a probe ${done} in ${(performance.now() - start).toFixed(0)} ms`
}

/** A probe that passes through an agent; `needs`: the other agents that have to run for it. */
interface AgentProbe {
  needs: readonly AgentName[]
  /** What became of it. @throws CHECK_FAILED when it does not pass. */
  pass(probe: Probe): Promise<string>
}

/** Of an agent without a probe of its own only the partitions are tested. */
const probes: Readonly<Partial<Record<AgentName, AgentProbe>>> = {
  triage: { needs: [], pass: routed },
  exercise: { needs: [], pass: graded },
  progress: { needs: ['exercise'], pass: mastered },
}

/** The agent whose probe stands for all when several were restarted. */
export const probedForAll: AgentName = 'exercise'

async function routed({ client, newStudent }: Probe): Promise<string> {
  await client({ student: newStudent() }).ask('What is a list?', null)
  return 'routed'
}

async function graded({ client, newStudent }: Probe): Promise<string> {
  const student = client({ student: newStudent() })
  const { request_id } = await student.submit('square', rightProgram, 'agent-proof')
  const { position: first } = await student.request(request_id)
  const { status, position } = await student.ended(request_id, (first ?? 0) > longQueue ? queueMs : limitMs)
  if (status === 'done') return 'graded'
  // Behind a long queue it waits its turn; that it comes nearer shows that the agent works.
  if (first !== null && position !== null && position < first) return `moved from place ${first} to ${position}`
  throw new PlatformError('CHECK_FAILED', `a right program is ${status} after ${limitMs / 1_000} s`, {
    hint: `learnflow incident-triage trace ${request_id}`,
  })
}

/** A new student has no mastery until their first grade passed through all agents. */
async function mastered({ client, newStudent }: Probe): Promise<string> {
  const id = newStudent()
  const student = client({ student: id })
  const { request_id } = await student.submit('square', rightProgram, 'agent-proof')
  const { position } = await student.request(request_id)
  if ((position ?? 0) > longQueue) return `waits at place ${position}`
  for (const end = performance.now() + limitMs; performance.now() < end; await sleep(pollMs))
    if ((await student.mastery(id)).modules.some(({ mastery }) => mastery > 0)) return 'counted'
  throw new PlatformError('CHECK_FAILED', `no mastery ${limitMs / 1_000} s after a program was handed in`, {
    hint: `learnflow incident-triage trace ${request_id}`,
  })
}
