import { type Kysely, sql } from 'kysely'
import * as z from 'zod'
import type { AgentState } from '../../platform/ports/agent-control.ts'
import type { EventLog } from '../../platform/ports/event-log.ts'
import type { Tables } from '../../platform/history/tables.ts'
import { learningEvents } from '../../schemas/topics.ts'
import { agentNames } from '../../schemas/words.ts'
import { heldBy } from '../../platform/log/group-members.ts'

/**
 * One agent as an operator sees it. `status`: `absent` is not built, `removed` was stopped by an operator, `down`
 * should run and does not. Of its consumer group: `members`, the `partitions` they hold, `lag`: events not taken from
 * the log. Of its inbox: `waiting` items, `dead` ones, `in_hand` under a claim, and for how many seconds the oldest has
 * been waiting.
 */
export const AgentFacts = z.object({
  name: z.string(),
  status: z.enum(['running', 'down', 'removed', 'absent']),
  unit: z.enum(['lanes', 'processes']),
  size: z.number().int(),
  up: z.number().int(),
  members: z.number().int(),
  partitions: z.number().int(),
  lag: z.number().int(),
  waiting: z.number().int(),
  dead: z.number().int(),
  in_hand: z.number().int(),
  oldest_seconds: z.number().int(),
})
export type AgentFacts = z.infer<typeof AgentFacts>

interface InboxRow {
  consumer: string
  waiting: number
  dead: number
  in_hand: number
  oldest_seconds: number
}

/** The facts of every agent, built or not, in the order of their names in the design. */
export async function agentFacts(
  agents: readonly AgentState[],
  log: EventLog,
  db: Kysely<Tables>,
): Promise<AgentFacts[]> {
  const rows = new Map((await inboxRows(db)).map(row => [row.consumer, row]))
  const names = [...new Set<string>([...agentNames, ...agents.map(({ name }) => name)])]
  const unit = agents[0]?.unit ?? 'lanes'
  return Promise.all(
    names.map(async name => {
      const known = agents.find(agent => agent.name === name)
      const { consumer: _, ...inbox } = rows.get(name) ?? {
        consumer: name,
        waiting: 0,
        dead: 0,
        in_hand: 0,
        oldest_seconds: 0,
      }
      if (known === undefined)
        return { name, status: 'absent' as const, unit, size: 0, up: 0, members: 0, partitions: 0, lag: 0, ...inbox }
      const [places, held] = await Promise.all([log.lag(learningEvents.name, name), heldBy(log, name)])
      const { size, up, running } = known
      const status = !running ? ('removed' as const) : up === 0 ? ('down' as const) : ('running' as const)
      return {
        name,
        status,
        unit,
        size,
        up,
        members: held.length,
        partitions: sum(held),
        lag: sum(places.map(position => position.lag)),
        ...inbox,
      }
    }),
  )
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0)

async function inboxRows(db: Kysely<Tables>): Promise<InboxRow[]> {
  const { rows } = await sql<InboxRow>`
    select consumer,
      count(*) filter (where state = 'queued')::int as waiting,
      count(*) filter (where state = 'dead')::int as dead,
      (select count(*)::int from lane where lane.consumer = inbox.consumer and owner is not null
        and lease_until > now()) as in_hand,
      coalesce(round(extract(epoch from now() - min(received_at) filter (where state = 'queued'))), 0)::int
        as oldest_seconds
    from inbox group by consumer`.execute(db)
  return rows
}
