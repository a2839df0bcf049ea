import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { takeDataFolder, dataPaths } from '../platform/owner/data-folder.ts'
import { openDatabase } from '../platform/drivers/embedded/database.ts'
import { openStores, type Ports } from '../platform/open.ts'
import { masteryKey } from '../schemas/state-keys.ts'
import { openProbe } from '../verify/check.ts'
import { startTestPlatform, temporaryFolder } from '../verify/test-platform.ts'
import { runScript } from './registry.ts'

const place = await temporaryFolder()
const folder = join(place.path, 'data')
const config = readConfig({ LEARNFLOW_DATA_DIR: folder, LEARNFLOW_LOG_LEVEL: 'silent' }, {}, place.path)
const run = async (id: string, args: object = {}, more: object = {}) => runScript(id, args, { config, ...more })
const right = 'def square(n): return n * n'

/** Uses the stores of the folder while no platform runs on it. */
async function withStores<T>(work: (stores: Pick<Ports, 'log' | 'state' | 'history'>) => Promise<T>): Promise<T> {
  await using data = await takeDataFolder(folder)
  await using stores = await openStores(config, data)
  return await work(stores)
}

const row = (student_id: string, mastery: number) => ({
  student_id,
  module: 'basics' as const,
  mastery,
  level: 'Learning',
  components: JSON.stringify({ completion: mastery / 100, quiz: null, quality: null, consistency: 1 / 3 }),
  bank_version: 'v1',
  computed_at: new Date('2026-01-02T03:04:05.678Z'),
  in_state: true,
})

beforeAll(async () => {
  await run('kafka-topics/create')
  await withStores(async ({ history }) =>
    history.db
      .insertInto('mastery')
      .values([row('ann', 41.7), row('bob', 100 / 3), row('cem', 0.1 + 0.2)])
      .execute(),
  )
})
afterAll(async () => place[Symbol.asyncDispose]())

test('a state that was lost or is wrong is found, rebuilt equal to the history, and then left alone', async () => {
  await withStores(async ({ state }) => state.set(masteryKey('bob', 'basics'), { mastery: 99 }))
  await expect(run('state-store/status')).rejects.toMatchObject({
    code: 'CHECK_FAILED',
    hint: 'learnflow state-store rebuild',
  })
  expect(await run('state-store/rebuild', {}, { dryRun: true })).toMatchObject({
    changed: 3,
    plan: [
      `write ${masteryKey('ann', 'basics')}`,
      `overwrite ${masteryKey('bob', 'basics')}`,
      `write ${masteryKey('cem', 'basics')}`,
    ],
  })
  expect(await run('state-store/rebuild')).toMatchObject({ changed: 3, data: { keys: 3, written: 3 } })
  expect(await run('state-store/rebuild')).toMatchObject({ changed: 0, summary: expect.stringMatching(/^unchanged/) })
  expect(await run('state-store/status')).toMatchObject({ data: { keys: 3, differing: [] } })
  const { data } = await run('state-store/get', { key: masteryKey('cem', 'basics') })
  expect(data).toMatchObject({
    value: {
      mastery: 0.1 + 0.2,
      components: { quiz: null, consistency: 1 / 3 },
      computed_at: '2026-01-02T03:04:05.678Z',
    },
  })
})

test('a backup of one moment is restored equal into a fresh folder, and only such a folder is deleted', async () => {
  const saved = (await run('history/backup')).data as { name: string; file: string; rows: number }
  expect(await run('history/backup')).toMatchObject({ changed: 0, data: saved })
  await withStores(async ({ history }) =>
    history.db
      .insertInto('audit')
      .values({ actor: 'me', action: 'x', subject: 'y', detail: '{"text":"tab\\tline\\n\\u00e9"}' })
      .execute(),
  )
  const later = (await run('history/backup')).data as { name: string; rows: number }
  expect(later.rows).toBe(saved.rows + 1)

  const to = join(place.path, 'restored')
  expect(await run('history/restore', { name: later.name, to })).toMatchObject({
    changed: 1,
    data: { rows: later.rows },
  })
  expect(await run('history/restore', { name: later.name, to })).toMatchObject({ changed: 0 })
  await expect(run('history/restore', { name: saved.name, to })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('audit'),
  })
  const other = { ...config, LEARNFLOW_DATA_DIR: to }
  expect((await runScript('state-store/status', {}, { config: other })).data).toMatchObject({ keys: 3 })
  expect(await runScript('kafka-topics/list', {}, { config: other })).toMatchObject({ data: { wrong: [] } })

  await expect(run('history/discard', { folder }, { confirm: folder })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('not made by restore'),
  })
  expect(await run('history/discard', { folder: to }, { confirm: to })).toMatchObject({ changed: 1 })
  expect([existsSync(to), existsSync(folder)]).toEqual([false, true])
})

test('a damaged backup leaves nothing behind, and a copy made before an upgrade is restored too', async () => {
  const { name, file } = (await run('history/backup')).data as { name: string; file: string }
  const damaged = name.replace('.jsonl', '-x.jsonl')
  const bytes = await readFile(file)
  await writeFile(join(dataPaths(folder).backups, damaged), bytes.subarray(0, bytes.length - 200))
  const to = join(place.path, 'again')
  await expect(run('history/restore', { name: damaged, to })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('damaged'),
  })
  expect(existsSync(to)).toBe(false)
  await expect(run('history/restore', { name: '../secret', to })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await run('history/discard', { name: damaged }, { confirm: damaged })

  const database = await openDatabase({ folder: dataPaths(folder).database, querySeconds: 20, minFreeMegabytes: 1 })
  await writeFile(
    join(dataPaths(folder).backups, 'before-9999.tar.gz'),
    Buffer.from(await (await database.dump()).arrayBuffer()),
  )
  await database.close()
  expect(await run('history/restore', { name: 'before-9999.tar.gz', to })).toMatchObject({ changed: 1 })
  expect(await run('history/discard', { folder: to }, { confirm: to })).toMatchObject({ changed: 1 })
})

test('nothing runs: the diagnosis says so, names the log and what to do', async () => {
  await expect(run('incident-triage/diagnose')).resolves.toMatchObject({
    failure: { code: 'NOT_RUNNING', hint: 'learnflow up' },
  })
  await expect(run('tutoring-agents/status')).rejects.toMatchObject({ code: 'NOT_RUNNING' })
})

test('planted troubles are each found with their fix, and one after the other is mended', async () => {
  await withStores(async ({ history, state }) => {
    await state.set(masteryKey('ann', 'basics'), { mastery: 1 })
    const event = JSON.stringify({ type: 'question.routed', subject: 'ann', data: { request_id: crypto.randomUUID() } })
    const stuck = {
      consumer: 'concepts',
      idempotencykey: 'k',
      lane: 'ann',
      event,
      topic: 'learning.events',
      log_partition: 0,
      log_offset: '0',
    }
    const old = new Date(Date.now() - 600_000)
    await history.db
      .insertInto('inbox')
      .values({ ...stuck, received_at: old, available_at: old, last_error: 'no answer', attempts: 3 })
      .execute()
  })
  await using _platform = await startTestPlatform({ folder })
  await run('kafka-topics/produce', { key: 'ann', value: 'no event' })
  const causes = async () =>
    ((await run('incident-triage/troubles')).data as { findings: { cause: string; fix: string }[] }).findings
  await expect
    .poll(async () => (await causes()).map(({ cause }) => cause))
    .toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^\d dead letters with INVALID_INPUT/),
        '1 lanes stand still',
        'the state differs from the history',
      ]),
    )
  const first = { code: 'CHECK_FAILED', hint: expect.stringContaining('kafka-topics discard --code INVALID_INPUT') }
  // Until its interpreters have started, the diagnosis names them first.
  await vi.waitFor(async () => expect(run('incident-triage/diagnose')).resolves.toMatchObject({ failure: first }), {
    timeout: 60_000,
    interval: 200,
  })
  const fixes = (await causes()).map(({ fix }) => fix)
  expect(fixes).toEqual(
    expect.arrayContaining(['learnflow tutoring-agents restart concepts', 'learnflow state-store rebuild']),
  )
  await run('state-store/rebuild')
  expect((await causes()).map(({ cause }) => cause)).not.toContain('the state differs from the history')
})

test('a removed agent is absent also after a crash, what is for it waits, and deploying it loses nothing', async () => {
  await using platform = await startTestPlatform({ folder })
  const probe = await openProbe(folder, config)
  const client = () => probe.client({ student: 'dan' }).at(platform.url)
  expect(await run('tutoring-agents/remove', { name: 'exercise' })).toMatchObject({ changed: 1 })
  const { request_id } = await client().submit('square', right, 'removed')
  await platform.restart()
  const exercise = async () =>
    ((await run('tutoring-agents/status')).data as { agents: { name: string }[] }).agents.find(
      ({ name }) => name === 'exercise',
    )
  await expect.poll(exercise).toMatchObject({ status: 'removed', lag: expect.any(Number) })
  expect((await client().request(request_id)).status).toBe('queued')
  const trace = await run('incident-triage/trace', { request_id })
  expect(trace.summary).toMatch(/^submission of dan to exercise: queued for \d+ s, trace [0-9a-f]{32}\n/)
  await expect
    .poll(
      async () =>
        (await run('incident-triage/troubles')).summary + JSON.stringify((await run('incident-triage/troubles')).data),
    )
    .toContain('exercise is removed')

  expect(await run('tutoring-agents/scale', { name: 'exercise', lanes: 2 })).toMatchObject({ changed: 1 })
  expect(await run('tutoring-agents/deploy', { name: 'exercise' })).toMatchObject({ changed: 1 })
  expect(await client().ended(request_id)).toMatchObject({ status: 'done', grade: { verdict: 'passed' } })
  expect(await exercise()).toMatchObject({ status: 'running', unit: 'lanes', size: 2, members: 1, partitions: 12 })
  const back = async () => run('tutoring-agents/rollback', { name: 'exercise' })
  expect(await run('tutoring-agents/scale', { name: 'exercise', lanes: 5 })).toMatchObject({
    changed: 1,
    data: { before: 2, size: 5 },
  })
  expect(await run('tutoring-agents/rollback', { name: 'exercise' }, { dryRun: true })).toMatchObject({
    changed: 1,
    plan: ['bring exercise back to 2 lanes, from 5 lanes'],
  })
  expect(await back()).toMatchObject({ changed: 1, data: { running: true, size: 2 } })
  expect(await back()).toMatchObject({ changed: 0, summary: expect.stringMatching(/^unchanged/) })
  expect(await exercise()).toMatchObject({ size: 2 })
  await expect(run('tutoring-agents/scale', { name: 'exercise', processes: 3 })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  })
  expect((await run('incident-triage/trace', { request_id })).summary).toContain('graded square: passed 1')
  await expect(run('tutoring-agents/remove', { name: 'nobody' })).rejects.toMatchObject({ code: 'AGENT_ABSENT' })
})

test('while triage is removed a question waits, and is routed when it is deployed', async () => {
  await using _platform = await startTestPlatform({ folder })
  const probe = await openProbe(folder, config)
  const client = probe.client({ student: 'eve' })
  await run('tutoring-agents/remove', { name: 'triage' })
  const asked = await client.ask('What is a list?', null)
  expect(asked).toMatchObject({ status: 'queued', request_id: expect.any(String) })
  await run('tutoring-agents/deploy', { name: 'triage' })
  expect(await client.ended((asked as { request_id: string }).request_id)).toMatchObject({ status: 'done' })
})
