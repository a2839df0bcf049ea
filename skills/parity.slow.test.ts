import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { advised } from '../mcp-server/advice.ts'
import { openCatalogue } from '../mcp-server/catalog.ts'
import { connect, type Connection, scratch } from '../mcp-server/fixture/client.ts'
import { clean } from '../mcp-server/text.ts'
import { type Config, readConfig } from '../platform/config.ts'
import { codes } from '../platform/errors.ts'
import { openProbe } from '../verify/check.ts'
import { root } from '../verify/test-platform.ts'
import { hasPlan } from './definition.ts'
import { loadScript, runScript, scriptIds } from './registry.ts'
import { parityCases } from './test-parity-cases.ts'
import { type EntryPointName, expectCheap, openEntryPoints, type EntryPointResult } from './test-entry-points.ts'

const place = scratch()
const tree = join(place.folder, 'tree')
const restored = join(place.folder, 'restored')
/** An empty folder for every entry point. */
const noEngines = join(place.folder, 'engines')
let config: Config
let mcp: Connection
let doors: ReturnType<typeof openEntryPoints>
const made = { request: '', backup: '', code: '', quiz: '' }
const cases = parityCases({ folder: place.folder, restored, tree, made })

/** Run one after another at the end: they stop the platform, need something to delete, or write where the caller stands. */
const last = [
  'settings/set',
  'history/adopt',
  'history/discard',
  'history/expunge',
  'platform-up/down',
  'platform-up/purge',
]

beforeAll(async () => {
  vi.stubEnv('XDG_STATE_HOME', place.env.XDG_STATE_HOME)
  vi.stubEnv('LEARNFLOW_SANDBOX_PROCESSES', '1')
  vi.stubEnv('LEARNFLOW_ENGINE_CACHE', noEngines)
  Object.assign(place.env, { LEARNFLOW_ENGINE_CACHE: noEngines })
  config = readConfig({ LEARNFLOW_DATA_DIR: place.data, LEARNFLOW_HTTP_PORT: 0 }, {}, place.folder)
  expect(await runScript('platform-up/up', { port: 0 }, { config })).toMatchObject({ changed: 1 })
  mcp = await connect(place, { command: join(root, 'bin', 'learnflow.ts'), args: ['mcp'] })
  doors = openEntryPoints(config, place.env, mcp)
  for (const file of ['agents/agent.ts', 'host/assemble.ts', 'schemas/words.ts', 'schemas/events.ts']) {
    await mkdir(join(tree, file, '..'), { recursive: true })
    await cp(join(root, file), join(tree, file))
  }
  await cp(join(root, 'exercises', 'bank', 'square'), join(place.folder, 'square'), { recursive: true })
  await cp(join(root, 'examples', 'square.py'), join(place.folder, 'square.py'))
  const own = join(place.folder, 'own')
  await cp(join(root, 'exercises', 'bank', 'square'), own, { recursive: true })
  const file = join(own, 'exercise.yaml')
  await writeFile(file, (await readFile(file, 'utf8')).replace(/^id: square$/m, 'id: parity-square'))
  const probe = await openProbe(place.data, config)
  const client = probe.client({ student: 'ann' })
  made.request = (await client.submit('square', 'def square(n): return n * n', 'parity')).request_id
  await client.ended(made.request)
  made.backup = ((await runScript('history/backup', {}, { config })).data as { name: string }).name
  await writeFile(join(place.folder, 'roster.csv'), 'student_id,name\nann,Ann\nbob,"Bob, B."\n')
  made.code = ((await runScript('rosters/invite', { class: 'c2' }, { config })).data as { code: string }).code
  const quiz = await runScript('tutoring/quiz', { topic: 'for loops', questions: 1, student: 'ann' }, { config })
  made.quiz = (quiz.data as { quiz_id: string }).quiz_id
  await runScript('kafka-topics/produce', { key: 'synthetic-parity', value: 'x' }, { config })
})
afterAll(async () => {
  await mcp?.[Symbol.asyncDispose]()
  await runScript('platform-up/down', {}, { config })
  place.remove()
})

const catalogue = openCatalogue()

const masked = (value: unknown, volatile: boolean): string => {
  const text = clean(typeof value === 'string' ? value : JSON.stringify(value))
  return volatile ? text.replaceAll(/[\d.]+/g, '#') : text
}

/** A whole plan cut as one that was reported in part: the rest is counted. */
function cutAs(told: readonly string[], whole: readonly string[]): readonly string[] {
  const shown = told.length - 1
  return /^and \d+ more$/.test(told.at(-1) ?? '')
    ? [...whole.slice(0, shown), `and ${whole.length - shown} more`]
    : whole
}

/**
 * Every entry point returned the same: exit code, error code, text (MCP may cut it, and names calls), plan, and data where it is given.
 */
async function expectSame(all: Record<string, EntryPointResult>, volatile = false): Promise<void> {
  const { run, ...others } = all as { run: EntryPointResult } & Record<string, EntryPointResult>
  for (const [door, said] of Object.entries(others)) {
    expect({ door, exit: said.exit, code: said.code }, said.text).toEqual({ door, exit: run.exit, code: run.code })
    // An MCP client is told to make calls where a person is told to type commands.
    const text = door === 'mcp' ? await advised(catalogue, run.text, false) : run.text
    const [mine, theirs] = [masked(text, volatile), masked(said.text, volatile).replace(/…$/, '')]
    if (said.text !== '') expect(mine.replaceAll(/\s+/g, ' '), door).toContain(theirs.replaceAll(/\s+/g, ' '))
    if (said.plan !== undefined && run.plan !== undefined)
      expect(masked(said.plan, volatile), door).toEqual(masked(cutAs(said.plan, run.plan), volatile))
    if (said.data !== undefined && !volatile) expect(said.data, door).toEqual(JSON.parse(JSON.stringify(run.data)))
    if (said.data !== undefined && volatile)
      expect(Object.keys(said.data as object), door).toEqual(Object.keys(run.data as object))
  }
}

test('every script has a case', () => {
  expect([...Object.keys(cases), ...last].toSorted()).toEqual(scriptIds().toSorted())
})

test.each(Object.keys(cases))('%s', async id => {
  const {
    args = () => ({}),
    volatile = false,
    timing = false,
    repeats,
    already,
    onlyDry,
    inTurn,
    doors: names = ['run', 'file', 'cli', 'mcp'],
    undo,
  } = cases[id] ?? {}
  const script = await loadScript(id)
  const through = async (
    dryRun: boolean,
    which: readonly EntryPointName[],
  ): Promise<Record<string, EntryPointResult>> => {
    const all: Record<string, Promise<EntryPointResult>> = {}
    for (const name of which) {
      all[name] = doors[name]({ id, script, args: args(), dryRun })
      if (inTurn) await all[name]
    }
    return Object.fromEntries(
      await Promise.all(Object.entries(all).map(async ([name, said]) => [name, await said] as const)),
    )
  }
  if (!hasPlan(script.effect)) {
    const first = await through(false, names)
    const all = Object.entries({ ...first, again: await doors.run({ id, script, args: args(), dryRun: false }) })
    if (timing)
      for (const [, { exit, code }] of all) expect(['CHECK_FAILED', undefined]).toContain(exit === 0 ? undefined : code)
    await expectSame(
      Object.fromEntries(
        all.filter(([door, { exit }]) => door === 'run' || !timing || (exit === 0 && first['run']?.exit === 0)),
      ),
      volatile,
    )
    for (const [, said] of all) expectCheap(place.folder, id, said)
    return
  }
  const dry = await through(true, names)
  await expectSame(dry, volatile || id === 'history/backup')
  if (onlyDry) return
  expect(dry['run']).toMatchObject({ exit: 0, text: expect.stringMatching(/^dry run, would change \d+: /) })
  expect((dry['run']?.plan?.length ?? 0) > 0).toBe(already !== true)
  const once = (await through(false, ['cli']))['cli'] as EntryPointResult
  expect(once.exit, once.text).toBe(0)
  expect(once.text.startsWith('unchanged')).toBe(already === true)
  const again = repeats ? { run: once } : await through(false, names)
  await expectSame(again, volatile)
  if (!repeats) expect(again.run?.text).toMatch(/^unchanged: |^\S+ version \d+: unchanged, /)
  for (const said of [once, ...Object.values(dry), ...Object.values(again)]) expectCheap(place.folder, id, said)
  if (undo !== undefined && undo[0] !== 'history/discard')
    expect(await runScript(undo[0], undo[1], { config })).toMatchObject({ changed: expect.any(Number) })
})

test('settings/set: every door would write the same into the file of the folder where it stands', async () => {
  const args = { name: 'log_level', value: 'info' }
  const call = { id: 'settings/set', script: await loadScript('settings/set'), args, dryRun: true }
  const all = [await doors.run(call), await doors.cli(call), await doors.mcp(call)]
  for (const said of all) {
    expect(said).toMatchObject({
      exit: 0,
      text: expect.stringMatching(/would change 1: log_level: not set, now info, in \//),
    })
    expect(said.plan?.map(line => line.replace(/^\S+: /, ''))).toEqual(['log_level from not set to info'])
    expectCheap(place.folder, call.id, said)
  }
  expect(await doors.file(call)).toMatchObject({ exit: 0, data: { name: 'log_level', after: 'info' } })
})

test('history/discard: the same plan through every door, each with its own confirmation', async () => {
  const script = await loadScript('history/discard')
  const call = { id: 'history/discard', script, args: { folder: restored }, dryRun: true }
  await expectSame({
    run: await doors.run(call),
    file: await doors.file(call),
    cli: await doors.cli(call),
    mcp: await doors.mcp(call),
  })
  expect(await doors.mcp({ ...call, dryRun: false })).toMatchObject({ exit: 0, text: `deleted ${restored}` })
  expect(await doors.cli({ ...call, dryRun: false })).toMatchObject({
    exit: 0,
    text: `unchanged: there is no ${restored}`,
  })
  expect(await doors.run({ ...call, args: { name: made.backup }, dryRun: false })).toMatchObject({
    exit: 0,
    text: `deleted ${made.backup}`,
  })
  expect(await doors.file({ ...call, args: { name: made.backup }, dryRun: false })).toMatchObject({
    exit: 0,
    data: { deleted: '' },
  })
})

test('platform-up/down, and what every door says of a platform that does not run', async () => {
  const call = { id: 'platform-up/down', script: await loadScript('platform-up/down'), args: {}, dryRun: true }
  await expectSame({
    run: await doors.run(call),
    file: await doors.file(call),
    cli: await doors.cli(call),
    mcp: await doors.mcp(call),
  })
  expect(await doors.mcp({ ...call, dryRun: false })).toMatchObject({
    exit: 0,
    text: `stopped the platform on ${place.data}`,
  })
  await expectSame({
    run: await doors.run({ ...call, dryRun: false }),
    cli: await doors.cli({ ...call, dryRun: false }),
  })
  const status = {
    ...call,
    id: 'tutoring-agents/status',
    script: await loadScript('tutoring-agents/status'),
    dryRun: false,
  }
  const all = {
    run: await doors.run(status),
    file: await doors.file(status),
    cli: await doors.cli(status),
    mcp: await doors.mcp(status),
  }
  await expectSame(all)
  expect(all.run).toMatchObject({ exit: codes.NOT_RUNNING.exit, code: 'NOT_RUNNING' })
})

test('platform-up/purge: the same plan through every door; what others put into the folder stays', async () => {
  const call = {
    id: 'platform-up/purge',
    script: await loadScript('platform-up/purge'),
    args: { keep_backups: false },
    dryRun: true,
  }
  const own = join(place.data, 'mine.txt')
  await writeFile(own, 'mine')
  await expectSame({
    run: await doors.run(call),
    file: await doors.file(call),
    cli: await doors.cli(call),
    mcp: await doors.mcp(call),
  })
  expect(await doors.mcp({ ...call, dryRun: false })).toMatchObject({ exit: 0 })
  expect(await readdir(place.data)).toEqual(['mine.txt'])
  expect(await doors.cli({ ...call, dryRun: false })).toMatchObject({
    exit: 0,
    text: `unchanged: there is no platform in ${place.data}`,
  })
})
