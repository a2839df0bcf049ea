import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { readConfig } from '../platform/config.ts'
import { complaints, hostilePrograms, hostileThemes, runOf } from '../platform/contract/hostile-programs.ts'
import { openInterpreters } from '../platform/open.ts'
import type { PythonResult, PythonRun, Sandbox } from '../platform/ports/sandbox.ts'
import { inParallel } from '../verify/parallel.ts'
import { msUntil } from '../verify/wait.ts'
import { type Bench, type BenchResult, quantile, tenth } from './bench.ts'
import { memoryOf } from './memory.ts'
import { interpreterProcesses } from './sandbox.ts'

const students = 50
/** One run in this many is hostile. */
const hostileEvery = 20
/** A result that takes longer than this counts as lost. */
const patienceMs = 120_000
const mayGrow = 1.1
/** What hostile programs try to reach: a port on which nothing listens and a file that does not exist. */
const doors = { PORT: '9', CANARY: '/nonexistent/canary' }

/** What is left of the sandbox after a day of students, a few of them hostile. */
export const soak: Bench = {
  about:
    '10,000 runs, one in twenty hostile: memory of platform and interpreters, ' +
    'lost or wrong results, interpreters that hang',
  async run(progress, quick) {
    const processes = availableParallelism()
    await using interpreters = await openInterpreters(readConfig({ LEARNFLOW_SANDBOX_PROCESSES: processes }))
    return await soaked(interpreters, { runs: quick ? 300 : 10_000, processes, patienceMs, progress })
  },
}

export interface SoakOptions {
  runs: number
  /** How many interpreters the sandbox keeps for students. */
  processes: number
  patienceMs: number
  progress: (line: string) => void
}

/** One run, and a function that returns what is wrong about its result. */
interface Task {
  hostile: boolean
  job: PythonRun
  wrong(result: PythonResult): string[]
}

/** Gives a sandbox many runs of many students and returns how it handled them. */
export async function soaked(
  sandbox: Sandbox,
  { runs, processes, patienceMs, progress }: SoakOptions,
): Promise<BenchResult> {
  const begun = performance.now()
  const tasks = await tasksOf(runs)
  const pids = new Set<number>()
  const [memory, times]: [number[], number[]] = [[], []]
  const found = { wrong_endings: 0, lost: 0 }
  const one = async ({ hostile, job, wrong }: Task): Promise<void> => {
    const start = performance.now()
    const endings = await Promise.race([
      sandbox.run(job).then(wrong, (error: unknown) => [String(error)]),
      sleep(patienceMs).then(() => undefined),
    ])
    if (endings === undefined) found.lost += 1
    else if (endings.length > 0) found.wrong_endings += 1
    if (endings?.length !== 0) progress(`${job.code.slice(0, 60)}: ${endings?.join() ?? 'no result'}`)
    if (!hostile) times.push(performance.now() - start)
    for (const pid of await interpreterProcesses()) pids.add(pid)
  }
  const share = Math.ceil(runs / 100)
  for (let at = 0; at < tasks.length; at += share) {
    await inParallel(
      tasks.slice(at, at + share).map(task => async () => one(task)),
      students,
    )
    const { own, children } = await memoryOf(process.pid)
    memory.push(own + children)
    if (memory.length % 10 === 0) progress(`${at + share} runs`)
  }
  const stuck = processes - (await answering(sandbox, processes, patienceMs))
  const figures = {
    runs,
    hostile_runs: tasks.filter(({ hostile }) => hostile).length,
    ...found,
    stuck_slots: stuck,
    restarts: pids.size - processes,
    honest_p95_ms: tenth(quantile(times, 0.95)),
    honest_slowest_ms: Math.round(Math.max(...times)),
    // The first fifth is the warm-up.
    memory_before_mb: middle(memory.slice(20, 30)),
    memory_after_mb: middle(memory.slice(-10)),
    seconds: tenth((performance.now() - begun) / 1_000),
  }
  const isFlat = figures.memory_after_mb <= figures.memory_before_mb * mayGrow
  return { figures, ok: isFlat && found.lost + found.wrong_endings + stuck === 0 }
}

/** The median of the sizes that could be measured; an interpreter that has just ended has none. */
const middle = (sizes: readonly number[]): number => Math.round(quantile(sizes.filter(Number.isFinite), 0.5))

/** Honest programs, each with a different result, mixed with hostile ones of every theme. */
async function tasksOf(runs: number): Promise<Task[]> {
  const themes = (await hostileThemes()).filter(theme => theme !== 'honest')
  const hostile = (await Promise.all(themes.map(async theme => hostilePrograms(theme, doors)))).flat()
  return Array.from({ length: runs }, (_, at): Task => {
    const owner = `student ${at % students}`
    const program = hostile[(Math.floor(at / hostileEvery) * 7) % hostile.length]
    if (at % hostileEvery !== 0 || program === undefined) return { ...honest(at), hostile: false }
    return { hostile: true, job: { ...runOf(program), owner }, wrong: result => complaints(program, result) }
  })
}

const ways: readonly ((n: number) => [code: string, printed: string])[] = [
  n => [`def square(n):\n    return n * n\n\nprint(square(${n}))\n`, `${n * n}\n`],
  n => [`import json\nprint(json.dumps({"n": [${n}] * 2}))\n`, `{"n": [${n}, ${n}]}\n`],
  n => [`items = list(range(20_000))\nitems.append(${n})\nprint(len(items), items[-1])\n`, `20001 ${n}\n`],
  n => [
    'class Node:\n    def __init__(self, rest):\n        self.rest, self.me = rest, self\n\nnode = None\n' +
      `for _ in range(500):\n    node = Node(node)\nprint(${n})\n`,
    `${n}\n`,
  ],
  n => [
    `with open("notes.txt", "w") as notes:\n    notes.write("${n}\\n" * 100)\n` +
      `print(len(open("notes.txt").readlines()), ${n})\n`,
    `100 ${n}\n`,
  ],
]

function honest(at: number): Pick<Task, 'job' | 'wrong'> {
  const [code, printed] = ways[at % ways.length]?.(at) ?? ['', '']
  const wrong = ({ ended, stdout }: PythonResult): string[] =>
    ended === 'ok' && stdout === printed ? [] : [`${ended}, printed ${JSON.stringify(stdout.slice(0, 100))}`]
  return { job: { code, owner: `student ${at % students}` }, wrong }
}

/** A sleep takes no time, but asking the clock does. */
export const busyForASecond = 'import time\nend = time.perf_counter() + 1\nwhile time.perf_counter() < end: pass\n'

/** How many interpreters work at the same time when all of them get work. */
async function answering(sandbox: Sandbox, processes: number, patienceMs: number): Promise<number> {
  const isRested = (): boolean => sandbox.health().processes >= processes && sandbox.health().busy === 0
  await msUntil(isRested, { limitMs: patienceMs, everyMs: 20 })
  const hanging = sandbox.health().busy
  let max = 0
  const watch = setInterval(() => (max = Math.max(max, sandbox.health().busy)), 20)
  const all = Promise.all(Array.from({ length: processes }, async () => sandbox.run({ code: busyForASecond })))
  const done = await Promise.race([all, sleep(patienceMs)])
  clearInterval(watch)
  return done === undefined ? 0 : max - hanging
}
