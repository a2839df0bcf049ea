import { sql } from 'kysely'
import type { AgentState } from '../../platform/ports/agents.ts'
import type { EventLog } from '../../platform/ports/event-log.ts'
import type { History } from '../../platform/ports/history.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { StateStore } from '../../platform/ports/state-store.ts'
import { topics } from '../../schemas/topics.ts'
import { compareState } from '../state-store/compare.ts'
import { agentFacts, type AgentFacts } from '../tutoring-agents/agent-facts.ts'
import { counted, type Finding } from './finding.ts'

/** How old work may be before somebody has to look: a run takes at most 30 s. */
const oldSeconds = 60
const outboxSeconds = 10
const manyEvents = 1_000
const lettersMost = 1_000

interface Inside {
  agents: readonly AgentState[]
  log: EventLog
  state: StateStore
  history: History
  sandbox: Sandbox
  signal: AbortSignal
}

/** What the running platform knows of its own troubles, the worst first. */
export async function troublesInside({ agents, log, state, history, sandbox, signal }: Inside): Promise<Finding[]> {
  const facts = await agentFacts(agents, log, history.db)
  return [
    ...sandboxTroubles(sandbox),
    ...(await topicTroubles(log)),
    ...(await letterTroubles(log)),
    ...(await outboxTroubles(history)),
    ...facts.flatMap(agentTroubles),
    ...(await laneTroubles(history)),
    ...(await stateTroubles(history, state, signal)),
  ]
}

function sandboxTroubles(sandbox: Sandbox): Finding[] {
  const { processes, busy, queued } = sandbox.health()
  if (processes > 0) return []
  return [
    {
      code: 'SANDBOX_CRASHED',
      cause: 'no Python interpreter runs',
      evidence: `0 processes, ${busy} busy, ${queued} queued`,
      fix: 'learnflow doctor; then learnflow down, learnflow up',
    },
  ]
}

async function topicTroubles(log: EventLog): Promise<Finding[]> {
  const present = await log.topics()
  const wrong = topics.filter(({ name, partitions }) => present.find(topic => topic.name === name)?.partitions !== partitions)
  if (wrong.length === 0) return []
  const evidence = wrong
    .map(({ name, partitions }) => `${name} has ${present.find(topic => topic.name === name)?.partitions ?? 0} of ${partitions} partitions`)
    .join(', ')
  return [{ code: 'CHECK_FAILED', cause: 'topics are missing or too small', evidence, fix: 'learnflow kafka-topics create' }]
}

/** Dead letters by code; one that an exercise's author has to mend says which exercise. */
async function letterTroubles(log: EventLog): Promise<Finding[]> {
  // What a verification broke on purpose is no trouble.
  const letters = (await log.deadLetters(lettersMost)).filter(({ key }) => !key.startsWith('synthetic-'))
  return [...Map.groupBy(letters, ({ code }) => code)].map(([code, group]) => {
    const [first] = group
    const evidence = `${counted(Object.fromEntries([...Map.groupBy(group, letter => letter.group)].map(([name, own]) => [name, own.length])))}: ${first?.message.slice(0, 160) ?? ''}`
    const mend =
      code === 'EXERCISE_FAULTY' ? `learnflow tutor check the exercise ${exerciseIn(first?.value)}, mend it` : (first?.hint.slice(0, 100) ?? 'mend the cause')
    return {
      code: 'CHECK_FAILED' as const,
      cause: `${group.length} dead letters with ${code}`,
      evidence,
      fix: `${mend}; then learnflow kafka-topics replay --code ${code}`,
    }
  })
}

const exerciseIn = (value = ''): string => /"exercise_id"\s*:\s*"([a-z0-9-]+)"/.exec(value)?.[1] ?? ''

async function outboxTroubles(history: History): Promise<Finding[]> {
  const { rows } = await sql<{ waiting: number; oldest: number }>`
    select count(*)::int as waiting, coalesce(round(extract(epoch from now() - min(created_at))), 0)::int as oldest from outbox`.execute(history.db)
  const { waiting = 0, oldest = 0 } = rows[0] ?? {}
  if (oldest < outboxSeconds) return []
  return [
    {
      code: 'DEPENDENCY_DOWN',
      cause: 'events are not published',
      evidence: `${waiting} in the outbox, the oldest for ${oldest} s`,
      fix: 'learnflow incident-triage logs --grep relay; then learnflow down, learnflow up',
    },
  ]
}

function agentTroubles({ name, status, lag, waiting, oldest_seconds }: AgentFacts): Finding[] {
  if (status === 'removed' && lag + waiting > 0)
    return [
      {
        code: 'AGENT_ABSENT',
        cause: `the agent ${name} is removed and work waits for it`,
        evidence: `lag ${lag}, ${waiting} in its inbox`,
        fix: `learnflow tutoring-agents deploy ${name}`,
      },
    ]
  if (status === 'running' && lag > manyEvents)
    return [
      {
        code: 'CHECK_FAILED',
        cause: `the agent ${name} does not keep up`,
        evidence: `lag ${lag}, the oldest item waits ${oldest_seconds} s`,
        fix: `learnflow tutoring-agents scale ${name} --lanes 16`,
      },
    ]
  return []
}

interface Lane {
  consumer: string
  lane: string
  waiting: number
  seconds: number
  attempts: number
  last_error: string | null
  held: boolean
}

/** Lanes whose head should have been worked on long ago. */
async function laneTroubles(history: History): Promise<Finding[]> {
  const { rows } = await sql<Lane>`
    select inbox.consumer, inbox.lane, count(*)::int as waiting, round(extract(epoch from now() - min(received_at)))::int as seconds,
      max(attempts)::int as attempts, max(last_error) as last_error, bool_or(lane.lease_until > now()) as held
    from inbox left join lane on lane.consumer = inbox.consumer and lane.lane = inbox.lane
    where state = 'queued' and received_at < now() - make_interval(secs => ${oldSeconds}) and available_at < now() - make_interval(secs => 30)
    group by inbox.consumer, inbox.lane order by seconds desc`.execute(history.db)
  const [worst] = rows
  if (worst === undefined) return []
  const error = worst.last_error === null ? '' : `, ${worst.attempts} attempts, last: ${worst.last_error.slice(0, 120)}`
  return [
    {
      code: 'CHECK_FAILED',
      cause: `${rows.length} lanes stand still`,
      evidence: `${worst.consumer} on ${worst.lane}: ${worst.waiting} items for ${worst.seconds} s${worst.held ? ', under a claim' : ''}${error}`,
      fix: `learnflow tutoring-agents restart ${worst.consumer}`,
    },
  ]
}

async function stateTroubles(history: History, state: StateStore, signal: AbortSignal): Promise<Finding[]> {
  const { keys, differences } = await compareState(history.db, state, signal)
  // A grade that is on its way right now is in one place and not yet in the other.
  const { rows } = await sql<{ recent: number }>`select count(*)::int as recent from mastery where computed_at > now() - make_interval(secs => 5)`.execute(
    history.db,
  )
  if (differences.length <= (rows[0]?.recent ?? 0)) return []
  return [
    {
      code: 'CHECK_FAILED',
      cause: 'the state differs from the history',
      evidence: `${differences.length} of ${keys} mastery keys, first ${differences[0]?.key}`,
      fix: 'learnflow state-store rebuild',
    },
  ]
}
