import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { openStores } from '../platform/open.ts'
import { takeDataFolder } from '../platform/owner/data-folder.ts'
import { deadLetterQueue, learningEvents } from '../schemas/topics.ts'
import { agentNames } from '../schemas/words.ts'
import { startTestPlatform, temporaryFolder, type TestPlatform } from '../verify/test-platform.ts'
import { runScript } from './registry.ts'

const place = await temporaryFolder()
const folder = join(place.path, 'data')
const config = readConfig({ LEARNFLOW_DATA_DIR: folder, LEARNFLOW_LOG_LEVEL: 'silent' }, {}, place.path)
const run = async (id: string, args: object = {}, more: object = {}) => runScript(id, args, { config, ...more })
const list = async (args: object = {}) =>
  (await run('kafka-topics/dead-letters', args)).data as { letters: { letter: string }[]; total: number; next?: string }
let platform: TestPlatform

/** As checks of earlier versions left it: they never took away what they had made. */
async function plant(count: number): Promise<void> {
  await using data = await takeDataFolder(folder)
  await using stores = await openStores(config, data)
  const letters = Array.from({ length: count }, (_, nr) => ({
    id: crypto.randomUUID(),
    time: new Date(Date.UTC(2026, 0, 1, 0, 0, nr)).toISOString(),
    topic: learningEvents.name,
    partition: 0,
    offset: String(1_000_000 + nr),
    group: 'exercise',
    key: 'synthetic-check',
    value: '{}',
    code: 'INVALID_INPUT',
    message: 'no event',
    hint: 'none',
    attempts: 1,
  }))
  await stores.log.publish(
    deadLetterQueue.name,
    letters.map((letter, nr) => ({ key: `synthetic-${nr}`, value: JSON.stringify(letter) })),
  )
}

beforeAll(async () => {
  await run('kafka-topics/create')
  await plant(1_000)
  platform = await startTestPlatform({ folder })
})
afterAll(async () => {
  await platform[Symbol.asyncDispose]()
  await place[Symbol.asyncDispose]()
})

test('behind 1,000 letters of checks the check of dead letters passes again and again, and leaves none that waits', async () => {
  const verify = async () => run('platform-verify/one', { id: ['log.dead-letters'] })
  // Until its interpreters have started, the first submission may wait for longer than the check does.
  await vi.waitFor(async () => expect((await verify()).summary).toContain('1 passed'), { timeout: 120_000 })
  const before = (await list({ synthetic: true, state: 'discarded' })).total
  for (let runs = 0; runs < 3; runs += 1)
    expect(await verify()).toMatchObject({
      summary: expect.stringContaining('1 passed'),
    })
  expect(await list()).toMatchObject({ total: 0 })
  expect(await list({ synthetic: true })).toMatchObject({ total: 1_000 })
  expect((await list({ synthetic: true, state: 'discarded' })).total).toBe(before + 3 * agentNames.length)
})

test('a bad record behind them is diagnosed, shown, refused again by a replay, discarded, and back by undo', async () => {
  await run('kafka-topics/produce', { key: 'ann', value: 'no event' })
  await expect.poll(async () => (await list({ student: 'ann' })).total).toBe(agentNames.length)
  const page = await list({ limit: 4 })
  expect(page).toMatchObject({ total: agentNames.length, letters: { length: 4 } })
  expect((await list({ limit: 4, after: page.next })).letters).toHaveLength(agentNames.length - 4)
  expect((await list({ synthetic: true, since: '2026-01-01T00:10:00Z' })).total).toBe(400)
  await expect(run('incident-triage/diagnose')).resolves.toMatchObject({
    failure: { hint: expect.stringContaining('kafka-topics discard --code INVALID_INPUT') },
  })
  const [first] = page.letters
  const shown = await run('kafka-topics/dead-letter', { letter: first!.letter })
  expect(shown).toMatchObject({
    data: { value: 'no event', state: 'waiting' },
    summary: expect.stringMatching(/^waiting, refused/),
  })
  expect(await run('kafka-topics/replay')).toMatchObject({
    changed: 0,
    summary: expect.stringContaining('6 would be refused again'),
  })
  expect(await list({ group: 'exercise' })).toMatchObject({ total: 1 })

  await expect(run('kafka-topics/discard')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  const code = { code: 'INVALID_INPUT' }
  expect(await run('kafka-topics/discard', code, { dryRun: true })).toMatchObject({ changed: 6, plan: { length: 6 } })
  expect(await run('kafka-topics/discard', { letter: first!.letter })).toMatchObject({ changed: 1 })
  expect(await run('kafka-topics/discard', code)).toMatchObject({ changed: 5 })
  expect(await run('kafka-topics/discard', code)).toMatchObject({ changed: 0 })
  expect((await run('kafka-topics/dead-letter', { letter: first!.letter })).summary).toMatch(
    /^discarded by \S+, refused/,
  )
  expect((await run('incident-triage/troubles')).summary).toBe('no troubles inside')
  expect(await run('kafka-topics/discard', { ...code, undo: true })).toMatchObject({ changed: 6 })
  expect(await list()).toMatchObject({ total: 6 })
})

test('a deletion takes as much as its plan says', async () => {
  const dry = await run('platform-up/purge', {}, { dryRun: true })
  expect(dry.plan).toHaveLength(dry.changed)
  expect(await run('platform-up/purge', {}, { confirm: 'data' })).toMatchObject({ changed: dry.changed })
})
