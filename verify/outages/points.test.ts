import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { points, pointsOf } from './points.ts'

test('every point at which a worker is killed is one place in the code, and there are 20 on each engine', async () => {
  const places = await Promise.all(
    Object.entries(points).map(async ([name, { file, before }]) => {
      const source = await readFile(join(import.meta.dirname, '..', '..', file), 'utf8')
      return [name, source.split(before).length - 1]
    }),
  )
  expect(places.filter(([, count]) => count !== 1)).toEqual([])
  expect([pointsOf('direct').length, pointsOf('dapr').length]).toEqual([20, 20])
})
