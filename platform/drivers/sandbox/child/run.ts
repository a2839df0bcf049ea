import type { PythonResult, PythonRun, Trial, TrialResult } from '../../../ports/sandbox.ts'
import { attempt } from './attempt.ts'
import { builtinExceptions } from './errors.ts'
import type { Interpreter } from './interpreter.ts'

export interface RunOutcome {
  result: PythonResult
  /** The interpreter may hold something of the run that restoring does not reach. */
  retire: boolean
}

export interface Runner {
  run(job: PythonRun): RunOutcome
  /** Makes the interpreter as new while nobody waits, so that the next run finds it so. */
  tidy(): void
}

/** Runs jobs one after another, each on an interpreter as new. */
export function runner(interpreter: Interpreter): Runner {
  const builtins = builtinExceptions(interpreter.api)
  let tidy = false
  const restore = (): void => {
    if (!tidy) interpreter.restore()
    tidy = false
  }
  const run = (job: PythonRun): RunOutcome => {
    const start = performance.now()
    const seconds = job.seconds ?? 5
    const limits = { end: start + seconds * 1_000, seconds }
    const trials: TrialResult[] = []
    let [stderr, peak, truncated, retire, broken] = ['', 0, false, false, true]
    for (const trial of job.trials ?? [wholeProgram(job)]) {
      // A whole program gets an interpreter as new, and so does a call that brings files; other calls get a fresh namespace in the same one.
      if (broken || trial.call === undefined || trial.files !== undefined) restore()
      else interpreter.clearFiles()
      const done = attempt(interpreter, builtins, job, trial, limits)
      trials.push(done.trial)
      ;({ stderr, broken } = done)
      peak = Math.max(peak, done.peakMegabytes)
      truncated ||= interpreter.streams.truncated
      retire ||= interpreter.isUnsound()
      if (done.trial.ended !== 'ok' && done.trial.ended !== 'raised') break
    }
    const result = { truncated, duration_ms: rounded(performance.now() - start, 2), peak_megabytes: rounded(peak, 1) }
    const last = trials.at(-1)
    if (last === undefined) return { retire, result: { ...result, ended: 'ok', stdout: '', stderr: '', trials } }
    const { ended, error, stdout } = last
    if (job.trials === undefined) return { retire, result: { ...result, ended, stdout, stderr, trials: [], ...(error === undefined ? {} : { error }) } }
    // What one trial raised is the trial's matter; what ended the run is the run's.
    const own = ended === 'raised' ? { ended: 'ok' as const } : { ended, ...(error === undefined ? {} : { error }) }
    return { retire, result: { ...result, ...own, stdout: '', stderr: '', trials } }
  }
  return {
    run,
    tidy() {
      interpreter.restore()
      tidy = true
    },
  }
}

const wholeProgram = ({ stdin, files }: PythonRun): Trial => ({ ...(stdin === undefined ? {} : { stdin }), ...(files === undefined ? {} : { files }) })

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits
