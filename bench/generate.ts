import { extname, join } from 'node:path'
import { execa } from 'execa'
import type { GeneratorJob } from './jobs.ts'
import { LoadResult } from './open-loop.ts'

const main = join(import.meta.dirname, `generator${extname(import.meta.filename)}`)

/** Runs one job against the platform of a data folder, in a separate load generator process. */
export async function generate(
  job: GeneratorJob,
  folder: string,
  settings: Record<string, string> = {},
): Promise<LoadResult> {
  const env = { LEARNFLOW_LOG_LEVEL: 'silent', LEARNFLOW_DATA_DIR: folder, ...settings }
  const { stdout } = await execa(
    process.execPath,
    ['--disable-warning=TimeoutNegativeWarning', main, JSON.stringify(job)],
    {
      env,
      cwd: folder,
      stdin: 'ignore',
    },
  )
  return LoadResult.parse(JSON.parse(stdout))
}

const stepSeconds = 12
const warmSeconds = 3
const drainedMs = 1_000

/**
 * Whether the platform kept up: nothing failed and no backlog was left. After 12 s, an overload of 10 % leaves a larger
 * backlog than is allowed.
 */
export const sustained = ({ failed, drained_ms }: LoadResult): boolean => failed === 0 && drained_ms <= drainedMs

/**
 * The highest sustained rate, tried from `first` in at most twelve steps of 25 % up or 20 % down; undefined when no
 * tried rate is sustained.
 */
export async function highestSustained(
  first: number,
  load: (pace: GeneratorJob['pace']) => Promise<LoadResult>,
  progress: (line: string) => void,
): Promise<LoadResult | undefined> {
  const at = async (perSecond: number): Promise<LoadResult> => {
    const result = await load({ per_second: perSecond, seconds: stepSeconds, warm_seconds: warmSeconds })
    progress(
      `${perSecond}/s ` +
        (sustained(result) ? 'sustained' : `not sustained: ${result.failed} failed, ${result.drained_ms} ms behind`),
    )
    return result
  }
  let best = await at(first)
  const up = sustained(best)
  let rate = first
  for (let step = 0; step < maxSteps; step += 1) {
    rate = up ? Math.ceil(rate * 1.25) : Math.floor(rate * 0.8)
    if (rate < 1) return undefined
    const result = await at(rate)
    if (up && !sustained(result)) return best
    best = result
    if (!up && sustained(result)) return result
  }
  return up ? best : undefined
}

const maxSteps = 12
