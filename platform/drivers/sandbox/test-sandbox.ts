import type { Sandbox } from '../../ports/sandbox.ts'
import { openSandbox } from './pyodide.ts'

let shared: Promise<Sandbox> | undefined

/**
 * One sandbox for all test files of a process that only run programs, because an interpreter takes a second of
 * computing to start. Its interpreters end with the process.
 */
export async function sharedSandbox(): Promise<Sandbox> {
  const { run, health } = await (shared ??= openSandbox({ processes: 1 }))
  return { run, health, [Symbol.asyncDispose]: async () => {} }
}
