import type { PythonResult, PythonRun } from '../../../ports/sandbox.ts'

/** A request to an interpreter process; the answer carries the same id, which a program cannot know. */
export interface RunMessage {
  id: string
  job: PythonRun
}

/**
 * `ready` once, then one `result` per run. `retire` asks for a new process, because this one may keep state of the run.
 */
export type ChildMessage =
  | { ready: true; layers: string[] }
  | { id: string; result: PythonResult; retire: boolean }
  | { id: string; crashed: string }
