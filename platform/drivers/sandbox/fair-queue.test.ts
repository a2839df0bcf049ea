import { expect, test } from 'vitest'
import { fairQueue } from './fair-queue.ts'

test('owners take turns, and each is served in order', () => {
  const queue = fairQueue<string>()
  for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) queue.add(item.charAt(0), item)
  expect(queue.size()).toBe(6)
  expect(Array.from({ length: 6 }, () => queue.take())).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
  expect([queue.take(), queue.size()]).toEqual([undefined, 0])
})

test('an owner who comes back gets the last turn', () => {
  const queue = fairQueue<string>()
  queue.add('a', 'a1')
  queue.add('b', 'b1')
  expect(queue.take()).toBe('a1')
  queue.add('a', 'a2')
  expect([queue.take(), queue.take()]).toEqual(['b1', 'a2'])
})
