import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSandbox } from '../platform/drivers/sandbox/pyodide.ts'
import type { PythonResult, PythonRun, Sandbox } from '../platform/ports/sandbox.ts'
import type { BenchResult } from './bench.ts'
import { busyForASecond, soaked } from './soak.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await openSandbox({ processes: 1 })
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

type Fault = (run: () => Promise<PythonResult>, job: PythonRun, number: number) => Promise<PythonResult>

/** A small soak of the real sandbox with a fault in front of it. */
async function soakWith(fault: Fault, runs = 20, patienceMs = 20_000): Promise<BenchResult> {
  let count = 0
  const faulty: Sandbox = {
    run: async job => fault(async () => sandbox.run(job), job, (count += 1)),
    health: () => sandbox.health(),
    [Symbol.asyncDispose]: async () => {},
  }
  return soaked(faulty, { runs, processes: 1, patienceMs, progress: () => {} })
}

const never = async (): Promise<PythonResult> => new Promise(() => {})

test('a sandbox that does as it should stands a soak', async () => {
  const { ok, figures } = await soakWith(async run => run(), 200)
  expect(figures).toMatchObject({ runs: 200, hostile_runs: 10, lost: 0, wrong_endings: 0, stuck_slots: 0 })
  expect(ok).toBe(true)
})

test('a result that never comes is lost', async () => {
  const { ok, figures } = await soakWith(async (run, _, number) => (number === 7 ? never() : run()), 20, 5_000)
  expect([ok, figures['lost']]).toEqual([false, 1])
})

test("another run's result, and a refusal, are wrong endings", async () => {
  const mixed = await soakWith(async (run, _, number) =>
    number === 7 ? { ...(await run()), stdout: 'of another\n' } : run(),
  )
  expect([mixed.ok, mixed.figures['wrong_endings']]).toEqual([false, 1])
  const refused = await soakWith(async (run, _, number) => (number === 7 ? Promise.reject(new Error('full')) : run()))
  expect([refused.ok, refused.figures['wrong_endings']]).toEqual([false, 1])
})

test('an interpreter that no longer answers is stuck', async () => {
  const { ok, figures } = await soakWith(
    async (run, { code }) => (code === busyForASecond ? never() : run()),
    20,
    5_000,
  )
  expect([ok, figures['stuck_slots']]).toEqual([false, 1])
})

test('memory that each run leaves behind is growth', async () => {
  const kept: Buffer[] = []
  const leaks: Fault = async run => {
    kept.push(Buffer.alloc(2 ** 20, 1))
    return run()
  }
  const { ok, figures } = await soakWith(leaks, 200)
  expect(ok).toBe(false)
  expect(figures['memory_after_mb']).toBeGreaterThan((figures['memory_before_mb'] ?? 0) * 1.1)
})
