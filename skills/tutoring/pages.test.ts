import { expect, test } from 'vitest'
import { rowsOf } from './pages.ts'

const all = Array.from({ length: 250 }, (_, nr) => nr)
const asked: string[] = []
const api = async ({ limit = '', cursor = '0' }: Record<string, string>) => {
  asked.push(limit)
  const end = Number(cursor) + Number(limit)
  return { rows: all.slice(Number(cursor), end), next: end < all.length ? String(end) : null }
}

test('more rows than one page of the API are asked for page by page, never more than wanted', async () => {
  expect(await rowsOf(10, api)).toEqual({ rows: all.slice(0, 10), next: '10' })
  expect(await rowsOf(230, api)).toEqual({ rows: all.slice(0, 230), next: '230' })
  expect(await rowsOf(9_999, api)).toEqual({ rows: all, next: null })
  expect(asked.every(limit => Number(limit) <= 100)).toBe(true)
})
