import { execa } from 'execa'
import { afterAll, expect, test } from 'vitest'
import { connect, scratch } from './fixture/client.ts'

const place = scratch()
afterAll(() => place.remove())

test('two hundred calls at once end right or are refused with when to come again, by few processes', async () => {
  await using connection = await connect(place)
  await using other = await connect(place)
  const count = async (): Promise<number> => {
    const { stdout } = await execa('pgrep', ['-c', '-P', String(connection.pid)], { reject: false })
    return Number(stdout)
  }
  let most = 0
  const watch = setInterval(() => void count().then(found => (most = Math.max(most, found))), 100)
  const calls = Array.from({ length: 200 }, async (_, nr) =>
    connection.call('read', { op: 'demo/say', args: { text: `call ${nr}` } }),
  )
  const [beside, ...answers] = await Promise.all([
    other.call('read', { op: 'demo/say', args: { text: 'beside' } }),
    ...calls,
  ])
  clearInterval(watch)
  expect(beside).toMatchObject({ failed: false, text: 'beside' })
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(10)
  for (const [nr, { failed, text, structured }] of answers.entries())
    if (failed) expect(structured).toMatchObject({ code: 'TOO_MANY_REQUESTS', hint: expect.stringMatching(/in \d+ s/) })
    else if (structured['job'] === undefined) expect(text).toBe(`call ${nr}`)
  expect(answers.some(({ failed }) => !failed)).toBe(true)
}, 120_000)
