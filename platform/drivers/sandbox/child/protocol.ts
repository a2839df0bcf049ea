import type { PythonResult, PythonRun } from '../../../ports/sandbox.ts'

/** What an interpreter process is asked; the answer carries the same id, which no program can know. */
export interface RunMessage {
  id: string
  job: PythonRun
}

/** `ready` once, then one `result` a run. `retire` asks for a new process: this one may hold something of the run. */
export type ChildMessage =
  | { ready: true; layers: string[] }
  | { id: string; result: PythonResult; retire: boolean }
  | { id: string; crashed: string }
