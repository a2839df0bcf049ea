import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from '../api/client.ts'
import { inParallel } from '../verify/parallel.ts'

const patienceMs = 300_000
const pauseMs = 100
const programs = [
  'def square(n): return n * n',
  'def square(n): return n + n',
  'def square(n):\n    print(n)\n    return n ** 2',
]

export interface HandingIn {
  students: readonly string[]
  submissions: number
  /** How many students submit at the same time. */
  concurrency: number
  /** How often each program is posted, at the same time and with the same key. */
  posts: number
  clientOf(student: string): ApiClient
  /** Called with the id of each accepted program. */
  accepted(id: string): void
}

/**
 * Students submit programs, some of them wrong, while the platform may be down; each posts the next program once the
 * previous one is accepted.
 */
export async function submitAll({
  students,
  submissions,
  concurrency,
  posts,
  clientOf,
  accepted,
}: HandingIn): Promise<void> {
  const submit = async (student: string, count: number): Promise<void> => {
    for (let at = 0; at < count; at += 1) {
      const key = randomUUID()
      const code = `${programs[at % programs.length]}\n# ${student} ${at}\n`
      const send = async (): Promise<string> =>
        insist(async () => (await clientOf(student).submit('square', code, key)).request_id)
      const ids = new Set(await Promise.all(Array.from({ length: posts }, send)))
      if (ids.size > 1) throw new Error(`one key gave several submissions: ${[...ids].join(', ')}`)
      for (const id of ids) accepted(id)
    }
  }
  const work = students.map(
    (student, at) => async () => submit(student, Math.ceil((submissions - at) / students.length)),
  )
  await inParallel(work, concurrency)
}

/** Repeats a call until it is answered, for at most five minutes, as the promise assumes of a client. */
export async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (const deadline = performance.now() + patienceMs; ;) {
    try {
      return await ask()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await sleep(pauseMs)
    }
  }
}
