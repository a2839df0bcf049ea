import type { LearningEvent } from '../../schemas/learning-event.ts'
import { agentNames } from '../../schemas/words.ts'
import type { Letter } from '../../schemas/dead-letter.ts'
import { PlatformError } from '../errors.ts'
import { receive } from '../history/inbox.ts'
import type { History } from '../ports/history.ts'
import { decide } from './dead-letters.ts'
import { eventOf } from './event-of-record.ts'

/** A letter that would be refused again as it is, and why. */
export interface StillBad {
  letter: Letter
  reason: string
}

/** Those that can be given back to the group that refused them, and those that it would refuse again. */
export function sortForReplay(letters: readonly Letter[]): { good: Letter[]; bad: StillBad[] } {
  const judged = letters.map(letter => ({ letter, reason: whyRefused(letter) }))
  return {
    good: judged.filter(({ reason }) => reason === undefined).map(({ letter }) => letter),
    bad: judged.flatMap(({ letter, reason }) => (reason === undefined ? [] : [{ letter, reason }])),
  }
}

/**
 * Gives letters to the group that refused them, and to no other: their events go into its inbox, and requests that had
 * failed are open again. Each letter and its event are stored in one transaction. Returns those that were replayed.
 */
export async function replayLetters(
  history: Pick<History, 'transaction'>,
  letters: readonly Letter[],
  by: string,
): Promise<Letter[]> {
  const done: Letter[] = []
  for (const letter of letters) {
    const event = eventOf(letter)
    const replayed = await history.transaction(async trx => {
      const decided = await decide(trx, [letter], 'replayed', by)
      if (decided.length > 0) await receive({ db: trx }, letter.group, [received(event, letter)], true)
      return decided
    })
    done.push(...replayed)
  }
  return done
}

const received = (event: LearningEvent, { topic, partition, offset }: Letter) => ({
  event,
  record: { topic, partition, offset },
})

function whyRefused(letter: Letter): string | undefined {
  if (!(agentNames as readonly string[]).includes(letter.group)) return `no agent is called ${letter.group}`
  try {
    eventOf(letter)
    return undefined
  } catch (error) {
    if (error instanceof PlatformError) return error.message
    throw error
  }
}
