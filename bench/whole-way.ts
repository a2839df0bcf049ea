import { openProbe } from '../verify/check.ts'
import { generate, highestSustained } from './generate.ts'
import type { LoadResult } from './open-loop.ts'
import { classroom } from './submissions.ts'
import { throwawayConfig } from '../verify/test-platform.ts'

/** What clients of a platform measure, on any target. */
export interface WholeWay {
  /** Programs submitted at 50 a second, accepted and graded. */
  fifty: LoadResult
  /** The same at the highest sustained rate. */
  highest: LoadResult | undefined
  /** Questions at 50 a second, routed. */
  triage: LoadResult
  /** Fifty students, each of whom submits the next program when the last is graded. */
  classroom: Awaited<ReturnType<typeof classroom>>
}

const perSecond = 50

/** Loads the running platform of a data folder. */
export async function wholeWay(folder: string, quick: boolean, progress: (line: string) => void): Promise<WholeWay> {
  const probe = await openProbe(folder, throwawayConfig())
  const steady = { per_second: perSecond, seconds: quick ? 3 : 20, warm_seconds: 3 }
  progress('fifty students, each the next program when the last is graded')
  const closed = await classroom(probe, quick ? 2 : 20)
  progress(`${closed.submissions_per_second} submissions a second; now questions at ${perSecond}/s`)
  const triage = await generate({ does: 'triage', pace: steady }, folder)
  progress(`programs at ${perSecond}/s`)
  const fifty = await generate({ does: 'submit', pace: steady }, folder)
  const first = Math.max(1, Math.round(closed.submissions_per_second))
  const highest = quick
    ? undefined
    : await highestSustained(first, async pace => generate({ does: 'submit', pace }, folder), progress)
  return { fifty, highest, triage, classroom: closed }
}
