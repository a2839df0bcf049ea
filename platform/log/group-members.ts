import { setTimeout as sleep } from 'node:timers/promises'
import { PlatformError } from '../errors.ts'
import type { EventLog } from '../ports/event-log.ts'
import { learningEvents } from '../../schemas/topics.ts'

/** A member that was killed counts for 15 s before its partitions are handed to others. */
const limitMs = 60_000
const pollMs = 200

/** How many partitions each member of an agent's group holds. */
export const heldBy = async (log: Pick<EventLog, 'members'>, name: string): Promise<number[]> =>
  (await log.members(learningEvents.name, name)).map(partitions => partitions.length)

const total = (held: readonly number[]): number => held.reduce((sum, count) => sum + count, 0)

/**
 * Waits until so many members of the agent's group hold every partition among them; none: until it has no members.
 * @throws CHECK_FAILED
 */
export async function untilHeld(
  log: Pick<EventLog, 'members'>,
  name: string,
  members: number,
  signal: AbortSignal,
): Promise<void> {
  const wanted = members === 0 ? 0 : learningEvents.partitions
  let held: number[] = []
  for (const end = performance.now() + limitMs; performance.now() < end; await sleep(pollMs, undefined, { signal })) {
    held = await heldBy(log, name)
    if (held.length === members && total(held) === wanted) return
  }
  throw new PlatformError(
    'CHECK_FAILED',
    `after ${limitMs / 1_000} s ${held.length} of ${members} members of ${name} hold ${total(held)} of ` +
      `${wanted} partitions`,
    { hint: 'learnflow incident-triage diagnose' },
  )
}
