import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { LoadResult, openLoop } from './open-loop.ts'

test('a stall counts for every call that was due in it, also where the generator itself could not send', async () => {
  const stallMs = 400
  const { calls, over, marks, failed } = await openLoop(
    { per_second: 100, seconds: 0.3, warm_seconds: 0 },
    async (at, mark) => {
      mark('sent')
      if (at !== 0) return
      for (const end = performance.now() + stallMs; performance.now() < end;);
    },
  )
  expect({ calls, failed }).toEqual({ calls: 30, failed: 0 })
  // The last of the thirty calls was due after 290 ms, so it waited for the rest of the stall.
  expect(over.p50_ms).toBeGreaterThan(stallMs / 2)
  expect(marks['sent']?.p50_ms).toBeGreaterThan(stallMs / 2)
})

test('calls do not wait for one another, and one that fails is counted and no latency', async () => {
  let open = 0
  let max = 0
  const { failed, failure, over } = await openLoop({ per_second: 100, seconds: 0.2, warm_seconds: 0.1 }, async at => {
    open += 1
    max = Math.max(max, open)
    await sleep(200)
    open -= 1
    if (at % 2 === 1) throw new Error(`call ${at}`)
  })
  expect(max).toBeGreaterThan(5)
  expect(failed).toBe(10)
  expect(failure).toMatch(/^call \d+$/)
  expect(over.p50_ms).toBeGreaterThanOrEqual(199)
})

test('a result in which every call failed survives its way as JSON', async () => {
  const result = await openLoop({ per_second: 100, seconds: 0.05, warm_seconds: 0 }, async () => {
    throw new Error('refused')
  })
  const read = LoadResult.parse(JSON.parse(JSON.stringify(result)))
  expect(read).toMatchObject({ failed: 5, over: { p50_ms: Number.NaN } })
})
