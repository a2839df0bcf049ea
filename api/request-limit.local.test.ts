import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { openCounts } from '../platform/drivers/direct/all.ts'
import { ownRedis } from '../platform/engines/test-engines.ts'
import { onEngines } from '../platform/engines/test-local.ts'
import { startStack, tokenFor } from './test-stack.ts'

const path = '/api/v1/exercises'
const settings = { LEARNFLOW_REQUESTS_PER_MINUTE: 100 }

onEngines(() => {
  test('two processes count together; when Redis is killed requests go through, which the log and metrics say within 1 s', async () => {
    await using redis = await ownRedis(0)
    const config = readConfig({ LEARNFLOW_REDIS_NODES: redis.addresses.join(',') }, {}, '/')
    const said: { at: number; line: string }[] = []
    const lines = new Writable({
      write: (line, _, done) => (said.push({ at: performance.now(), line: String(line) }), done()),
    })
    const logger = pino({ level: 'error' }, lines)
    await using counts = openCounts(config, logger)
    await using otherCounts = openCounts(config, logger)
    await using one = await startStack({ working: false, counts, logger, settings })
    await using other = await startStack({ working: false, counts: otherCounts, logger, settings })
    const token = tokenFor('ann')
    const get = async (stack: typeof one) => stack.call('GET', path, { token })
    for (let at = 0; at < 99; at += 1) expect(await get(at % 2 === 0 ? one : other)).toMatchObject({ status: 200 })
    const burst = await Promise.all(Array.from({ length: 50 }, async (_, at) => get(at % 2 === 0 ? one : other)))
    expect(burst.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(burst.filter(({ status }) => status === 429)).toHaveLength(49)
    expect(said).toEqual([])
    await redis.kill()
    const killed = performance.now()
    await expect.poll(async () => (await get(one)).status).toBe(200)
    const { body } = await one.call('GET', '/metrics')
    const seen = performance.now() - killed
    expect(body).toContain('learnflow_request_limit_up 0')
    const told = said.find(({ line }) => line.includes('requests are not counted'))
    expect(Math.max(seen, (told?.at ?? Number.NaN) - killed)).toBeLessThan(1_000)
    for (let at = 0; at < 20; at += 1) expect(await get(one)).toMatchObject({ status: 200 })
  })
})
