import type { PythonRun, Sandbox } from '../../ports/sandbox.ts'
import { within } from '../../steps.ts'
import { openPool, type Pool } from './pool.ts'

export interface SandboxOptions {
  /** Interpreter processes that are kept warm for students' programs, about 170 MB each. */
  processes?: number
  /** The number of free runs that may wait before TOO_MANY_REQUESTS. */
  queueLimit?: number
  /** The number of free runs that one owner may have open before TOO_MANY_REQUESTS. */
  runsPerOwner?: number
  /** Called for each interpreter process that is given up because it died or cannot be proven to be as new. */
  onReplaced?: (reason: string) => void
}

const defaultMegabytes = 50
const idleMs = 60_000

/**
 * Python in Pyodide, each program in a fresh interpreter. Students' programs of the default size share warm processes;
 * trusted code, that of authors, the proofs of exercises and every other size have processes of their own, which are
 * started on demand and closed when idle.
 */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { processes = 2, queueLimit = 1_000, runsPerOwner, onReplaced } = options
  const students = openPool({ processes, megabytes: defaultMegabytes, queueLimit, runsPerOwner, onReplaced })
  const others = new Map<string, Pool>()
  const poolOf = (job: PythonRun): Pool => {
    const { trusted = false, authored = false, purpose, megabytes = defaultMegabytes } = job
    const proves = purpose === 'authoring'
    if (!trusted && !proves && megabytes === defaultMegabytes) return students
    const key = [proves ? 'authoring' : '', trusted, authored && !proves, megabytes].join(' ')
    const pool = others.get(key) ?? openPool({ processes: 1, megabytes, queueLimit, runsPerOwner, idleMs, onReplaced })
    others.set(key, pool)
    return pool
  }
  return {
    async run(job) {
      const run = { job: { ...job } }
      return within('sandbox:run', run, async () => poolOf(run.job).run(run.job))
    },
    health() {
      const figures = [students, ...others.values()].map(pool => pool.figures())
      const sum = (key: 'processes' | 'busy' | 'queued' | 'replaced'): number =>
        figures.reduce((total, figure) => total + figure[key], 0)
      return {
        layers: figures.find(figure => figure.layers !== undefined)?.layers ?? 'starting',
        processes: sum('processes'),
        busy: sum('busy'),
        queued: sum('queued'),
        replaced: sum('replaced'),
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([students, ...others.values()].map(async pool => pool[Symbol.asyncDispose]()))
    },
  }
}
