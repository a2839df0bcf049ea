import { type Kysely, sql } from 'kysely'
import type { AgentState } from '../../platform/ports/agents.ts'
import type { EventLog } from '../../platform/ports/event-log.ts'
import type { Tables } from '../../platform/tables.ts'
import { learningEvents } from '../../schemas/topics.ts'
import { agentNames } from '../../schemas/words.ts'

/**
 * One agent as an operator needs to know it. `status`: `absent` is not built, `removed` was stopped by an operator. `lag`: events that it has
 * not taken from the log. Of its inbox: `waiting` items, `dead` ones, `in_hand` under a claim, and for how many seconds the oldest waits.
 */
export interface AgentFacts {
  name: string
  status: 'running' | 'removed' | 'absent'
  lanes: number
  lag: number
  waiting: number
  dead: number
  in_hand: number
  oldest_seconds: number
}

interface InboxRow {
  consumer: string
  waiting: number
  dead: number
  in_hand: number
  oldest_seconds: number
}

/** The facts of every agent, built or not, in the order of their names in the design. */
export async function agentFacts(agents: readonly AgentState[], log: EventLog, db: Kysely<Tables>): Promise<AgentFacts[]> {
  const rows = new Map((await inboxRows(db)).map(row => [row.consumer, row]))
  const names = [...new Set<string>([...agentNames, ...agents.map(({ name }) => name)])]
  return Promise.all(
    names.map(async name => {
      const known = agents.find(agent => agent.name === name)
      const { consumer: _, ...inbox } = rows.get(name) ?? { consumer: name, waiting: 0, dead: 0, in_hand: 0, oldest_seconds: 0 }
      const lag = known === undefined ? 0 : (await log.lag(learningEvents.name, name)).reduce((sum, place) => sum + place.lag, 0)
      return {
        name,
        status: known === undefined ? ('absent' as const) : known.running ? ('running' as const) : ('removed' as const),
        lanes: known?.lanes ?? 0,
        lag,
        ...inbox,
      }
    }),
  )
}

async function inboxRows(db: Kysely<Tables>): Promise<InboxRow[]> {
  const { rows } = await sql<InboxRow>`
    select consumer,
      count(*) filter (where state = 'queued')::int as waiting,
      count(*) filter (where state = 'dead')::int as dead,
      (select count(*)::int from lane where lane.consumer = inbox.consumer and owner is not null and lease_until > now()) as in_hand,
      coalesce(round(extract(epoch from now() - min(received_at) filter (where state = 'queued'))), 0)::int as oldest_seconds
    from inbox group by consumer`.execute(db)
  return rows
}
