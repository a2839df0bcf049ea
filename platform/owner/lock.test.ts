import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import { isLocked, takeLock } from './lock.ts'

async function freshPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-lock-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  return join(folder, 'lock.db')
}

/** Collects garbage now; finalizers run between the rounds. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let round = 0; round < 3; round += 1) {
    collect()
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

test('a lock is held by one at a time, and released when it is disposed', async () => {
  const path = await freshPath()
  expect(isLocked(path)).toBe(false)
  {
    using first = takeLock(path, 0)
    expect(first).toBeDefined()
    expect(takeLock(path, 0)).toBeUndefined()
    expect(isLocked(path)).toBe(true)
  }
  expect(isLocked(path)).toBe(false)
  using second = takeLock(path, 0)
  expect(second).toBeDefined()
})

test('a lock whose taker keeps no reference to it outlives a garbage collection', async () => {
  const path = await freshPath()
  expect((() => takeLock(path, 0) !== undefined)()).toBe(true)
  await collectGarbage()
  expect(isLocked(path)).toBe(true)
})

test('many may check at once whether a lock is held, without taking it', async () => {
  const path = await freshPath()
  takeLock(path, 0)?.[Symbol.dispose]()
  using asking = new DatabaseSync(path, { readOnly: true })
  asking.exec('BEGIN; SELECT 1 FROM sqlite_master')
  expect(isLocked(path)).toBe(false)
  asking.exec('COMMIT')
  await rm(path)
  expect(isLocked(path)).toBe(false)
})
