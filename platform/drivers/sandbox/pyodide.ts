import type { PythonRun, Sandbox } from '../../ports/sandbox.ts'
import { within } from '../../steps.ts'
import { openPool, type Pool } from './pool.ts'

export interface SandboxOptions {
  /** Interpreter processes kept warm for students' programs, about 170 MB each. */
  processes?: number
  /** Runs that may wait before TOO_MANY_REQUESTS. */
  queueLimit?: number
}

const defaultMegabytes = 50
const idleMs = 60_000

/**
 * Python in Pyodide, each program in an interpreter as new. Students' programs of the usual size share warm processes; trusted code has
 * a process of its own, and so has every other size; those are started when they are needed and closed when they are not.
 */
export async function openSandbox({ processes = 2, queueLimit = 1_000 }: SandboxOptions = {}): Promise<Sandbox> {
  const students = openPool({ processes, megabytes: defaultMegabytes, queueLimit })
  const others = new Map<string, Pool>()
  const poolOf = ({ trusted = false, megabytes = defaultMegabytes }: PythonRun): Pool => {
    if (!trusted && megabytes === defaultMegabytes) return students
    const key = `${trusted} ${megabytes}`
    const pool = others.get(key) ?? openPool({ processes: 1, megabytes, queueLimit, idleMs })
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
      const sum = (key: 'processes' | 'busy' | 'queued'): number =>
        figures.reduce((total, figure) => total + figure[key], 0)
      return {
        layers: figures.find(figure => figure.layers !== undefined)?.layers ?? 'starting',
        processes: sum('processes'),
        busy: sum('busy'),
        queued: sum('queued'),
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([students, ...others.values()].map(async pool => pool[Symbol.asyncDispose]()))
    },
  }
}
