import { expect, test } from 'vitest'
import { openTurns } from './turns.ts'

const never = new AbortController().signal

test('so many work at once, the next begin in their order, and more than may wait are told when to come again', async () => {
  const turns = openTurns(2, 3)
  const begun: number[] = []
  const ends: (() => void)[] = []
  const take = async (nr: number): Promise<void> => {
    const end = await turns.take(10_000, never)
    begun.push(nr)
    ends.push(end)
  }
  const taken = [0, 1, 2, 3, 4].map(take)
  await expect(take(5)).rejects.toMatchObject({
    code: 'TOO_MANY_REQUESTS',
    message: '2 jobs run, and 3 wait before this one',
    hint: expect.stringMatching(/^Try again in \d+ s/),
  })
  await Promise.all(taken.slice(0, 2))
  expect(begun).toEqual([0, 1])
  for (const nr of [2, 3, 4]) {
    ends.shift()?.()
    await taken[nr]
  }
  expect(begun).toEqual([0, 1, 2, 3, 4])
})

test('who gave up takes no place of those who may wait', async () => {
  const turns = openTurns(1, 2)
  const end = await turns.take(10, never)
  const left = new AbortController()
  const gone = [turns.take(10_000, left.signal), turns.take(5, never)].map(async wait => expect(wait).rejects.toThrow())
  left.abort(new Error('left'))
  await Promise.all(gone)
  const [one, two] = [turns.take(10_000, never), turns.take(10_000, never)]
  await expect(turns.take(10_000, never)).rejects.toMatchObject({ message: '1 jobs run, and 2 wait before this one' })
  await expect(turns.take(10_000, left.signal)).rejects.toThrow('left')
  end()
  end()
  const next = await one
  await expect(Promise.race([two, Promise.resolve('waits')])).resolves.toBe('waits')
  next()
  expect(await two).toEqual(expect.any(Function))
})

test('who waited too long or has left gives the place to the next', async () => {
  const turns = openTurns(1, 5)
  const end = await turns.take(10, never)
  const left = new AbortController()
  const waits = turns.take(10_000, left.signal)
  const late = turns.take(5, never)
  const patient = turns.take(10_000, never)
  left.abort(new Error('left'))
  await expect(waits).rejects.toThrow('left')
  await expect(late).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  end()
  expect(await patient).toEqual(expect.any(Function))
})
