import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { AgentControl } from '../../platform/ports/agent-control.ts'
import type { EventLog } from '../../platform/ports/event-log.ts'
import type { History } from '../../platform/ports/history.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { StateStore } from '../../platform/ports/state-store.ts'
import { learningEvents } from '../../schemas/topics.ts'
import { findUndelivered } from '../../platform/log/undelivered.ts'
import { topicFaults } from '../../platform/log/topic-faults.ts'
import { compareAgain, compareState, type Difference } from '../state-store/compare.ts'
import { agentFacts, type AgentFacts } from '../tutoring-agents/agent-facts.ts'
import type { Finding } from './finding.ts'
import { letterTroubles } from './letter-troubles.ts'
import { lookAll, type Probe } from './probes.ts'
import { lateTroubles, lockTroubles } from './waiting.ts'

/** The age in seconds from which waiting work counts as a trouble: a run takes at most 30 s. */
const oldSeconds = 60
const outboxSeconds = 10
const someEvents = 100
const manyEvents = 1_000
const againMs = 800
/** What an agent computed in the last moments it may still be writing to the state, in ms. */
const writtenMs = 10_000
/** Differences of the state that are looked at a second time, at once. */
const differencesAtOnce = 64

interface Inside {
  agents: AgentControl
  log: EventLog
  state: StateStore
  history: History
  sandbox: Sandbox
  signal: AbortSignal
}

/** How long a probe may take, in ms; all are asked at once. */
const probeMs = 1_800

/**
 * The troubles that the running platform knows of, the worst first; with `service` only those that a student would
 * notice. When agents are processes, their interpreters are in those processes, and the API knows only its own.
 */
export async function troublesInside(
  { agents, log, state, history, sandbox, signal }: Inside,
  service = false,
): Promise<Finding[]> {
  const agentProbe = async (own: AbortSignal): Promise<Finding[]> => {
    const list = await agents.list()
    const look = async (): Promise<AgentFacts[]> => agentFacts(list, log, history.db)
    const interpreters = list.some(({ unit }) => unit === 'processes') ? [] : sandboxTroubles(sandbox)
    return [...interpreters, ...(await lookTwice(look, own))]
  }
  const noticed: Probe[] = [
    { what: 'sessions of the database', look: async () => lockTroubles(history) },
    { what: 'topics', look: async () => topicTroubles(log) },
    { what: 'the outbox', look: async () => outboxTroubles(history, agents) },
    { what: 'agents', look: agentProbe },
    { what: 'waiting requests', look: async () => lateTroubles(history) },
  ]
  const others: Probe[] = [
    { what: 'dead letters', look: async () => letterTroubles({ log, history }) },
    { what: 'lost requests', look: async () => lostTroubles(history, log) },
    { what: 'lanes', look: async () => laneTroubles(history) },
    { what: 'the state', look: async own => stateTroubles(history, state, own) },
  ]
  return lookAll(service ? noticed : [...noticed, ...others], probeMs, signal)
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
  const faults = topicFaults(present)
  const thin = present.filter(({ in_sync = 0, replication = 0 }) => in_sync < replication)
  const copies = thin.map(
    ({ name, in_sync = 0, replication = 0 }) => `${name}: ${in_sync} of ${replication} replicas in sync`,
  )
  const all: [readonly string[], Omit<Finding, 'evidence'>][] = [
    [
      copies,
      {
        code: 'DEPENDENCY_DOWN',
        cause: 'a broker does not keep up or does not answer',
        fix: 'learnflow kafka-deploy status',
      },
    ],
    [
      faults.map(({ what }) => what),
      { code: 'CHECK_FAILED', cause: 'topics are missing or wrong', fix: 'learnflow kafka-topics create' },
    ],
  ]
  return all
    .filter(([evidence]) => evidence.length > 0)
    .map(([evidence, finding]) => ({ ...finding, evidence: evidence.join(', ') }))
}

async function outboxTroubles(history: History, agents: AgentControl): Promise<Finding[]> {
  const { rows } = await sql<{ waiting: number; oldest: number }>`
    select count(*)::int as waiting, coalesce(round(extract(epoch from now() - min(created_at))), 0)::int as oldest
      from outbox`.execute(history.db)
  const { waiting = 0, oldest = 0 } = rows[0] ?? {}
  if (oldest < outboxSeconds) return []
  // Where processes have sidecars these are started anew as well.
  const severalProcesses = (await agents.list()).some(({ unit }) => unit === 'processes')
  const anew = severalProcesses ? 'learnflow tutoring-agents restart' : 'learnflow down; then learnflow up'
  return [
    {
      code: 'DEPENDENCY_DOWN',
      cause: 'events are not published',
      evidence: `${waiting} in the outbox, the oldest for ${oldest} s`,
      fix: `learnflow logs --grep relay; then ${anew}`,
    },
  ]
}

/** What was accepted and has reached nobody; the platform publishes it again by itself within a minute. */
async function lostTroubles(history: History, log: EventLog): Promise<Finding[]> {
  const lost = await findUndelivered(history, log)
  const [first] = lost
  if (first === undefined) return []
  const seconds = Math.round((Date.now() - first.created_at.getTime()) / 1_000)
  return [
    {
      code: 'CHECK_FAILED',
      cause: `${lost.length} accepted requests are in no inbox and not in the log`,
      evidence: `for ${first.agent}, the oldest ${first.request_id} for ${seconds} s`,
      fix: 'wait a minute: they are published again; if they stay, learnflow logs --grep "published again"',
    },
  ]
}

/** Waiting work or a rebalance may be over in a moment, so a suspected trouble is checked once more. */
async function lookTwice(look: () => Promise<AgentFacts[]>, signal: AbortSignal): Promise<Finding[]> {
  const first = await look()
  if (!first.some(isSuspicious)) return []
  await sleep(againMs, undefined, { signal })
  const second = await look()
  return second
    .filter(isSuspicious)
    .flatMap(facts => agentTroubles(facts, first.find(({ name }) => name === facts.name)?.lag ?? 0))
}

const isSuspicious = ({ status, lag, waiting, partitions, members, up }: AgentFacts): boolean =>
  status === 'removed'
    ? lag + waiting > 0
    : status === 'running' && (lag >= someEvents || partitions < learningEvents.partitions || members < up)

function agentTroubles(
  { name, status, unit, size, up, members, partitions, lag, waiting, oldest_seconds }: AgentFacts,
  lagBefore: number,
): Finding[] {
  const more = unit === 'lanes' ? '--lanes 16' : `--processes ${Math.min(learningEvents.partitions, size + 2)}`
  if (status === 'removed')
    return [
      {
        code: 'AGENT_ABSENT',
        cause: `the agent ${name} is removed and work waits for it`,
        evidence: `lag ${lag}, ${waiting} in its inbox`,
        fix: `learnflow tutoring-agents deploy ${name}`,
      },
    ]
  if (partitions < learningEvents.partitions || members < up)
    return [
      {
        code: 'CHECK_FAILED',
        cause: `the agent ${name} does not read all events`,
        evidence: `${members} members of its group hold ${partitions} of ${learningEvents.partitions} partitions, ${up} processes run, lag ${lag}`,
        fix: `learnflow tutoring-agents restart ${name}`,
      },
    ]
  if (lag <= lagBefore && lag <= manyEvents) return []
  return [
    {
      code: 'CHECK_FAILED',
      cause: `the agent ${name} does not keep up`,
      evidence: `lag ${lag}, a moment before ${lagBefore}, the oldest item waits ${oldest_seconds} s`,
      fix: `learnflow tutoring-agents scale ${name} ${more}`,
    },
  ]
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
    select inbox.consumer, inbox.lane, count(*)::int as waiting,
      round(extract(epoch from now() - min(received_at)))::int as seconds,
      max(attempts)::int as attempts, max(last_error) as last_error, bool_or(lane.lease_until > now()) as held
    from inbox left join lane on lane.consumer = inbox.consumer and lane.lane = inbox.lane
    where state = 'queued' and received_at < now() - make_interval(secs => ${oldSeconds})
      and available_at < now() - make_interval(secs => 30)
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

/** Most of many differences may be over in a moment, so they are looked at again until one is found that stays. */
async function firstThatStays(
  differences: readonly Difference[],
  { db }: History,
  state: StateStore,
  signal: AbortSignal,
): Promise<Difference | undefined> {
  for (let at = 0; at < differences.length; at += differencesAtOnce) {
    signal.throwIfAborted()
    const some = differences.slice(at, at + differencesAtOnce)
    const again = await Promise.all(some.map(async difference => compareAgain(difference, db, state)))
    const first = again.find(
      difference => difference !== undefined && Date.now() - Date.parse(difference.wanted.computed_at) > writtenMs,
    )
    if (first !== undefined) return first
  }
  return undefined
}

/** A grade that is being stored right now is in one place and not yet in the other, so a difference is looked at again. */
async function stateTroubles(history: History, state: StateStore, signal: AbortSignal): Promise<Finding[]> {
  const { keys, differences } = await compareState(history.db, state, signal)
  if (differences.length === 0) return []
  await sleep(againMs, undefined, { signal })
  const first = await firstThatStays(differences, history, state, signal)
  if (first === undefined) return []
  return [
    {
      code: 'CHECK_FAILED',
      cause: 'the state differs from the history',
      evidence: `${differences.length} of ${keys} mastery keys, for example ${first.key}`,
      fix: 'learnflow state-store rebuild',
    },
  ]
}
