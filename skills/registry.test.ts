import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { learningEvents } from '../schemas/topics.ts'
import { type Config, readConfig } from '../platform/config.ts'
import { readSecret, takeDataFolder, dataPaths } from '../platform/owner/data-folder.ts'
import { openStores } from '../platform/open.ts'
import { callOwner, openControlSocket } from '../platform/owner/control-socket.ts'
import { loadScript, controlHandler, runScript, scriptIds, skillNames } from './registry.ts'

let folder: string
let config: Config
const at = (name: string): Config =>
  readConfig({ LEARNFLOW_DATA_DIR: join(folder, name), LEARNFLOW_LOG_LEVEL: 'silent' }, {}, folder)

// Making a database takes seconds, so it is made once, by the script for it.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'learnflow-registry-'))
  config = at('data')
  await expect(runScript('kafka-topics/create', {}, { config, dryRun: true })).rejects.toMatchObject({
    code: 'NOT_RUNNING',
  })
  expect(await runScript('kafka-topics/create', {}, { config })).toMatchObject({
    changed: 2,
    summary: 'topics created 2, updated 0, kept 0',
  })
})
afterAll(async () => rm(folder, { recursive: true, force: true }))

/** An owner of the data folder, with stores and the control socket but without agents. */
async function owner() {
  await using stack = new AsyncDisposableStack()
  const data = stack.use(await takeDataFolder(config.LEARNFLOW_DATA_DIR))
  const stores = stack.use(await openStores(config, data))
  const ports = { ...stores, sandbox: { run: () => Promise.reject(new Error('no sandbox here')), health: () => ({}) } }
  stack.use(await openControlSocket(data.folder, controlHandler({ config, ports: ports as never })))
  const owned = stack.move()
  return { log: stores.log, [Symbol.asyncDispose]: async () => owned.disposeAsync() }
}

test('every script on disk loads, has an effect and one sentence about itself', async () => {
  expect(scriptIds().length).toBeGreaterThan(10)
  for (const id of scriptIds()) {
    const { about, effect, run } = await loadScript(id)
    expect(`${id} ${about}`).toMatch(/^[a-z-]+\/[a-z-]+ [A-Z].{10,160}\.$/)
    expect(['reads', 'probes', 'changes', 'deletes']).toContain(effect)
    expect(run).toBeTypeOf('function')
  }
})

test('every skill has a SKILL.md under its own name, short, with commands that exist', async () => {
  for (const skill of skillNames()) {
    const [, front = '', body = ''] = (await readFile(join(import.meta.dirname, skill, 'SKILL.md'), 'utf8')).split(
      '---\n',
    )
    const { name, description } = parse(front) as { name: string; description: string }
    expect(name).toBe(skill)
    expect(description.length).toBeLessThan(180)
    expect(body.length).toBeLessThan(700)
    for (const [, script] of body.matchAll(new RegExp(`learnflow ${skill} ([a-z-]+)`, 'g')))
      expect(scriptIds()).toContain(`${skill}/${script}`)
  }
})

test('an unknown script is NOT_FOUND and names the nearest', async () => {
  await expect(runScript('kafka-topic/create', {}, { config })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    hint: expect.stringContaining('kafka-topics/create'),
  })
  await expect(runScript('../../etc/passwd', {}, { config })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('without a folder nothing can be read, and looking makes none', async () => {
  const nowhere = at('nowhere')
  for (const id of ['kafka-topics/list', 'platform-verify/all', 'platform-up/status'])
    await expect(runScript(id, {}, { config: nowhere })).rejects.toMatchObject({
      code: 'NOT_RUNNING',
      hint: 'learnflow up',
    })
  expect(existsSync(nowhere.LEARNFLOW_DATA_DIR)).toBe(false)
})

test('a change that is there already says unchanged, and a dry run says what it would do', async () => {
  expect(await runScript('kafka-topics/create', {}, { config })).toMatchObject({
    changed: 0,
    summary: 'unchanged: topics created 0, updated 0, kept 2',
  })
  const dry = await runScript('kafka-topics/produce', { key: 'ann', value: 'x' }, { config, dryRun: true })
  expect(dry).toMatchObject({
    changed: 1,
    plan: [expect.stringMatching(/^append to learning.events\/\d+ with key ann$/)],
  })
})

test('scripts that need the folder at the same time wait for each other', async () => {
  const found = await Promise.all([1, 2].map(async () => runScript('kafka-topics/list', {}, { config })))
  expect(new Set(found.map(({ summary }) => summary))).toEqual(new Set(['dead-letter.queue 6, learning.events 12']))
})

test('while somebody owns the folder a script runs inside that process, with its ports', async () => {
  await using platform = await owner()
  const { data } = await runScript('kafka-topics/produce', { key: 'ann', value: 'hello' }, { config })
  const { partition } = data as { partition: number }
  expect((await platform.log.read(learningEvents.name, partition, '0', 10)).at(-1)).toMatchObject({
    key: 'ann',
    value: 'hello',
  })
  await expect(
    runScript('kafka-topics/produce', { key: 'ann', value: 'x', topic: 'none' }, { config }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(
    callOwner(config.LEARNFLOW_DATA_DIR, { op: 'platform-up/down', args: {}, dry_run: false }, () => {}),
  ).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  })
})

test('no secret leaves a script, whatever it looks like', async () => {
  await using _owner = await owner()
  const secret = await readSecret(config.LEARNFLOW_DATA_DIR)
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl'
  const value = JSON.stringify({
    note: `my ${secret}`,
    token: 'plain-and-short',
    header: `Bearer ${jwt}`,
    url: 'postgres://me:hunter2@db/x',
    type: jwt,
  })
  const { data } = await runScript('kafka-topics/produce', { key: 'ann', value }, { config })
  const read = await runScript('kafka-topics/read', { ...(data as object), limit: 1 }, { config })
  const shown = JSON.stringify(read)
  for (const hidden of [secret, jwt, 'hunter2', 'plain-and-short']) expect(shown).not.toContain(hidden)
  expect(shown).toContain('[redacted]')
  await expect(
    runScript('kafka-topics/produce', { key: 'ann', value: 'x', topic: secret }, { config }),
  ).rejects.not.toThrow(secret)
})

test('hanging up on the owner ends the call and reaches the operation as its signal', async () => {
  await using data = await takeDataFolder(config.LEARNFLOW_DATA_DIR)
  const heard = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  await using _door = await openControlSocket(data.folder, async (_request, progress, signal) => {
    progress('begun')
    await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()))
    heard.resolve()
  })
  const caller = new AbortController()
  const asked = callOwner(
    dataPaths(data.folder).socket.replace(/\/[^/]+$/, ''),
    { op: 'x', args: {}, dry_run: false },
    () => begun.resolve(),
    caller.signal,
  )
  await begun.promise
  caller.abort()
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
  await heard.promise
})
