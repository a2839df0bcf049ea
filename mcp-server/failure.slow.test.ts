import { afterAll, afterEach, expect, test } from 'vitest'
import { connect, type Connection, scratch } from './fixture/client.ts'

const place = scratch()
const open: Connection[] = []

async function server(): Promise<Connection> {
  const connection = await connect(place)
  open.push(connection)
  return connection
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(async connection => connection[Symbol.asyncDispose]()))
})
afterAll(() => place.remove())

test('a failure shows whole parts, says how many pages its data has, and each page can be had', async () => {
  const connection = await server()
  const call = async (page?: number) =>
    connection.call('read', { op: 'demo/find-faults', ...(page === undefined ? {} : { page }) })
  const first = await call()
  expect(first).toMatchObject({ failed: true, structured: { code: 'CHECK_FAILED', pages: expect.any(Number) } })
  expect(first.structured['summary']).toMatch(/ is broken;…$/)
  expect(first.text).toContain('ask with page')
  expect(first.tokens).toBeLessThanOrEqual(120)
  const pages = Number(first.structured['pages'])
  const seen: unknown[] = []
  for (let page = 1; page <= pages; page += 1) {
    const { structured, tokens, failed } = await call(page)
    expect(failed).toBe(true)
    expect(tokens).toBeLessThanOrEqual(400)
    seen.push(...(structured['untrusted_data'] as unknown[]))
  }
  for (let nr = 1; nr <= 16; nr += 1) expect(seen.join('\n')).toContain(`fault ${nr}: `)
})

test('a program gets the data of what failed, and its failure says what had changed already', async () => {
  const connection = await server()
  const js = 'try { await lf.read("demo/find-faults") } catch (error) { return [error.code, error.data.faults.length] }'
  expect((await connection.call('code', { js })).structured).toMatchObject({ untrusted_data: ['CHECK_FAILED', '16'] })
  const failing = 'await lf.change("demo/touch", { name: "made" }); throw new Error("oops")'
  const failed = await connection.call('code', { js: failing, allow: ['demo/touch'] })
  expect(failed).toMatchObject({ failed: true, text: expect.stringContaining('changed already: demo/touch; then') })
})

test('a program that failed with more than a page names the job that has the others', async () => {
  const connection = await server()
  const failed = await connection.call('code', { js: 'return lf.read("demo/find-faults", { faults: "x" })' })
  expect(failed.structured).not.toHaveProperty('job')
  const js = 'return lf.read("demo/find-faults", { faults: 60 })'
  const first = await connection.call('code', { js })
  const { job: id, pages } = first.structured
  expect(first).toMatchObject({ failed: true, structured: { job: expect.any(String), page: 1 } })
  expect(first.tokens).toBeLessThanOrEqual(400)
  const last = await connection.call('job', { action: 'status', id, page: pages })
  expect(last).toMatchObject({ failed: true, structured: { page: pages, untrusted_data: expect.any(Array) } })
  expect(last.text).toContain('fault 60: ')
})

test('what measures by writing is run by change, has no plan, and gives its data in pages without a second run', async () => {
  const connection = await server()
  const op = 'demo/measure'
  expect(await connection.call('read', { op })).toMatchObject({ structured: { hint: 'Use the tool change.' } })
  const planned = await connection.call('change', { op, dry_run: true })
  expect(planned).toMatchObject({ failed: true, structured: { code: 'INVALID_INPUT', hint: 'Leave dry_run out.' } })
  expect(await connection.call('change', { op })).toMatchObject({ text: 'measured 3 times' })
  const few = await connection.call('change', { op, page: 1 })
  expect(few.structured).toEqual({ summary: 'measured 3 times', untrusted_data: expect.any(Array) })
  const many = await connection.call('change', { op, args: { times: 100 }, page: 1 })
  const { pages, job: id } = many.structured
  expect(many.tokens).toBeLessThanOrEqual(400)
  const last = await connection.call('job', { action: 'status', id, page: pages })
  expect(last).toMatchObject({ failed: false, text: expect.stringContaining('measurement 100 ') })
})
