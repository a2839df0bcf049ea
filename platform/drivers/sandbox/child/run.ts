import type { PythonResult, PythonRun, Call, CallResult, Share } from '../../../ports/sandbox.ts'
import { absentPackages } from './absent.ts'
import { performCalls, goesOn } from './attempt.ts'
import { compiler } from './compile.ts'
import { builtinExceptions } from './errors.ts'
import type { Interpreter } from './interpreter.ts'
import { leaver } from './leave.ts'
import { budget } from './values.ts'

export interface RunOutcome {
  result: PythonResult
  /** The interpreter may keep state of the run that restoring does not undo. */
  retire: boolean
}

export interface Runner {
  run(job: PythonRun): RunOutcome
  /** Restores the interpreter while it is idle, so that the next run need not wait for it. */
  tidy(): void
}

/** Runs jobs one after another, each in a fresh interpreter. */
export function runner(interpreter: Interpreter): Runner {
  const { api } = interpreter
  const setting = {
    interpreter,
    builtins: builtinExceptions(api),
    compiler: compiler(api),
    leave: leaver(api),
    absent: absentPackages(api),
  }
  let tidy = false
  const restore = (): void => {
    if (!tidy) interpreter.restore()
    tidy = false
  }
  const run = (job: PythonRun): RunOutcome => {
    const start = performance.now()
    const seconds = job.seconds ?? 5
    const calls: CallResult[] = []
    const room = budget()
    let [stderr, peak, truncated, retire, restored] = ['', 0, false, false, 0]
    for (let left = job.calls ?? [wholeProgram(job)]; left.length > 0;) {
      const restoring = performance.now()
      restore()
      // Restoring does not count towards the program's time.
      restored += performance.now() - restoring
      const some = left.slice(0, together(left, job.share))
      const done = performCalls(setting, job, some, { seconds, budget: room })
      calls.push(...done.map(({ result: one }) => one))
      stderr = done.at(-1)?.stderr ?? stderr
      peak = Math.max(peak, ...done.map(({ peakMegabytes }) => peakMegabytes))
      truncated ||= interpreter.streams.truncated
      retire ||= interpreter.isUnsound()
      left = calls.every(({ ended }) => goesOn(ended)) ? left.slice(done.length) : []
    }
    const result = {
      truncated,
      duration_ms: rounded(performance.now() - start - restored, 2),
      peak_megabytes: rounded(peak, 1),
    }
    const last = calls.at(-1)
    if (last === undefined) return { retire, result: { ...result, ended: 'ok', stdout: '', stderr: '', calls } }
    const { ended, error, stdout } = last
    if (job.calls === undefined)
      return {
        retire,
        result: { ...result, ended, stdout, stderr, calls: [], ...(error === undefined ? {} : { error }) },
      }
    // An exception raised by one trial is recorded there; what ended the run is recorded in the run.
    const own = ended === 'raised' ? { ended: 'ok' as const } : { ended, ...(error === undefined ? {} : { error }) }
    return { retire, result: { ...result, ...own, stdout: '', stderr: '', calls } }
  }
  return {
    run,
    tidy() {
      interpreter.restore()
      tidy = true
    },
  }
}

/** The number of leading trials that share an interpreter; see `Share`. */
function together(calls: readonly Call[], share: Share | undefined): number {
  if (share === 'nothing') return 1
  const isWhole = ({ call, steps }: Call): boolean => share === undefined && (call ?? steps) === undefined
  const other = calls.findIndex((one, at) => at > 0 && (isWhole(one) || one.files !== undefined))
  return other === -1 ? calls.length : other
}

const wholeProgram = ({ stdin, files }: PythonRun): Call => ({
  ...(stdin === undefined ? {} : { stdin }),
  ...(files === undefined ? {} : { files }),
})

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits
