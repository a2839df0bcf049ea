import { expect, test } from 'vitest'
import { memoize } from './memoize.ts'

test('the failure of one caller is not that of those who waited for it', async () => {
  const recall = memoize<string>(10)
  const { promise: gone, reject: leave } = Promise.withResolvers<string>()
  const first = recall('key', async () => gone)
  const second = recall('key', async () => 'computed anew')
  leave(new Error('left'))
  await expect(first).rejects.toThrow('left')
  expect(await second).toBe('computed anew')
  expect(await recall('key', async () => 'never computed')).toBe('computed anew')
})
