import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { connect, type Connection, scratch } from '../mcp-server/fixture/client.ts'
import { clean } from '../mcp-server/text.ts'
import { type Config, readConfig } from '../platform/config.ts'
import { codes } from '../platform/errors.ts'
import { openProbe } from '../verify/check.ts'
import { root } from '../verify/test-platform.ts'
import { loadScript, runScript, scriptIds } from './registry.ts'
import { type EntryPointName, openEntryPoints, type EntryPointResult } from './test-entry-points.ts'

const place = scratch()
const tree = join(place.folder, 'tree')
const restored = join(place.folder, 'restored')
/** Nothing is in it, for every door. */
const noEngines = join(place.folder, 'engines')
let config: Config
let mcp: Connection
let doors: ReturnType<typeof openEntryPoints>
let request = ''
let backup = ''

/**
 * How a script is put to the proof. `volatile`: its figures are of the moment, so that digits are not compared. `repeats`: it does something
 * every time. `already`: there is nothing to change. `doors`: not all of them, where a run takes long. `timing`: whether it passes is up to
 * how busy the machine is at that moment, so that only equal verdicts are compared.
 */
interface Case {
  args?: () => Record<string, unknown>
  volatile?: true
  timing?: true
  repeats?: true
  already?: true
  /** Running it would start engines that this target does without. */
  onlyDry?: true
  doors?: EntryPointName[]
  /** One door after another: two would take the same folder. */
  inTurn?: true
  undo?: [string, Record<string, unknown>]
}

const few: EntryPointName[] = ['run', 'mcp']
/** Engines of another target: here none runs. */
const engines = ['kafka-deploy', 'postgres', 'redis-cluster'].map((skill): Record<string, Case> => ({
  [`${skill}/deploy`]: { onlyDry: true, volatile: true },
  [`${skill}/remove`]: { already: true },
  [`${skill}/status`]: {},
}))
const cases: Readonly<Record<string, Case>> = {
  ...Object.assign({}, ...engines),
  'dapr-runtime/components': {},
  'dapr-runtime/deploy': { onlyDry: true },
  'dapr-runtime/remove': { already: true },
  'dapr-runtime/status': {},
  'event-schemas/check': {},
  'event-schemas/generate': { already: true },
  'event-schemas/validate': { args: () => ({ file: join(place.folder, 'square', 'exercise.yaml') }) },
  'history/backup': { undo: ['history/discard', {}] },
  'history/migrate': { already: true },
  'history/restore': { args: () => ({ name: backup, to: restored }), inTurn: true },
  'history/status': { volatile: true },
  'incident-triage/diagnose': { volatile: true },
  'incident-triage/logs': { args: () => ({ grep: 'Server listening' }) },
  'incident-triage/trace': { args: () => ({ request_id: request }), volatile: true },
  'incident-triage/troubles': {},
  'kafka-topics/create': { already: true },
  'kafka-topics/dead-letters': {},
  'kafka-topics/lag': { args: () => ({ group: 'exercise' }) },
  'kafka-topics/list': {},
  'kafka-topics/produce': { args: () => ({ key: 'synthetic-parity', value: 'no event' }), repeats: true },
  'kafka-topics/read': { args: () => ({ topic: 'learning.events', partition: 0 }), volatile: true },
  'kafka-topics/replay': { args: () => ({ code: 'NOBODY_HAS_IT' }), already: true },
  'latency-verify/end-to-end': { args: () => ({ count: 10 }), volatile: true, timing: true, doors: few },
  'latency-verify/grading': { args: () => ({ count: 10 }), volatile: true, timing: true, doors: few },
  'latency-verify/state': { args: () => ({ count: 50 }), volatile: true, timing: true, doors: few },
  'latency-verify/triage': { args: () => ({ count: 10 }), volatile: true, timing: true },
  'platform-up/doctor': { volatile: true },
  'platform-up/install-engines': { onlyDry: true, volatile: true },
  'platform-up/logs': { args: () => ({ grep: 'Server listening' }), volatile: true },
  'platform-up/status': { volatile: true },
  'platform-up/up': { already: true },
  'platform-verify/all': { volatile: true, timing: true, doors: few },
  'platform-verify/negative': { args: () => ({ id: ['no-such-check'] }) },
  'platform-verify/one': { args: () => ({ id: ['topics'] }) },
  'state-store/get': { args: () => ({ key: 'student:{nobody}:mastery:latest:basics' }) },
  'state-store/rebuild': { already: true },
  'state-store/status': { volatile: true },
  'tutoring-agents/deploy': { args: () => ({ name: 'exercise' }), already: true, volatile: true },
  'tutoring-agents/remove': { args: () => ({ name: 'triage' }), undo: ['tutoring-agents/deploy', { name: 'triage' }] },
  'tutoring-agents/restart': { args: () => ({ name: 'progress' }), repeats: true, volatile: true },
  // Nothing was done to this agent before.
  'tutoring-agents/rollback': { args: () => ({ name: 'exercise' }), already: true },
  'tutoring-agents/scaffold': {
    args: () => ({ name: 'mentor', tree }),
    undo: ['tutoring-agents/scaffold', { name: 'mentor', tree: join(place.folder, 'tree'), undo: true }],
  },
  'tutoring-agents/scale': {
    args: () => ({ name: 'progress', lanes: 7 }),
    volatile: true,
    undo: ['tutoring-agents/scale', { name: 'progress' }],
  },
  'tutoring-agents/status': { volatile: true },
}
/** Taken in turn at the end: they stop the platform, or need something to delete. */
const last = ['history/discard', 'platform-up/down', 'platform-up/purge']

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
  const probe = await openProbe(place.data, config.LEARNFLOW_JWT_ISSUER)
  const client = probe.client({ student: 'ann' })
  request = (await client.submit('square', 'def square(n): return n * n', 'parity')).request_id
  await client.ended(request)
  backup = ((await runScript('history/backup', {}, { config })).data as { name: string }).name
  await runScript('kafka-topics/produce', { key: 'synthetic-parity', value: 'x' }, { config })
})
afterAll(async () => {
  await mcp?.[Symbol.asyncDispose]()
  await runScript('platform-up/down', {}, { config })
  place.remove()
})

const masked = (value: unknown, volatile: boolean): string => {
  const text = clean(typeof value === 'string' ? value : JSON.stringify(value))
  return volatile ? text.replaceAll(/[\d.]+/g, '#') : text
}

/** A plan as it was told where only so many of its lines were: the rest is counted. */
function cutAs(told: readonly string[], whole: readonly string[]): readonly string[] {
  const shown = told.length - 1
  return /^and \d+ more$/.test(told.at(-1) ?? '')
    ? [...whole.slice(0, shown), `and ${whole.length - shown} more`]
    : whole
}

/** Every door said the same: exit code, error code, text (MCP may cut it), plan, data as far as a door gives it. */
function expectSame(all: Record<string, EntryPointResult>, volatile = false): void {
  const { run, ...others } = all as { run: EntryPointResult } & Record<string, EntryPointResult>
  for (const [door, said] of Object.entries(others)) {
    expect({ door, exit: said.exit, code: said.code }, said.text).toEqual({ door, exit: run.exit, code: run.code })
    const [mine, theirs] = [masked(run.text, volatile), masked(said.text, volatile).replace(/…$/, '')]
    if (said.text !== '') expect(mine.replaceAll(/\s+/g, ' '), door).toContain(theirs.replaceAll(/\s+/g, ' '))
    if (said.plan !== undefined && run.plan !== undefined)
      expect(masked(said.plan, volatile), door).toEqual(masked(cutAs(said.plan, run.plan), volatile))
    if (said.data !== undefined && !volatile) expect(said.data, door).toEqual(JSON.parse(JSON.stringify(run.data)))
    if (said.data !== undefined && volatile)
      expect(Object.keys(said.data as object), door).toEqual(Object.keys(run.data as object))
  }
}

/** What is said costs what it may: a line of success 40 tokens, a failure 120, a trace 300. */
function expectCheap(id: string, { exit, text, plan }: EntryPointResult): void {
  const max = exit !== 0 ? 120 : id === 'incident-triage/trace' ? 300 : 40 + (plan?.length === 0 ? 0 : 12)
  expect(countTokens(text), `${id}: ${text}`).toBeLessThanOrEqual(max)
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
  if (script.effect === 'reads') {
    const first = await through(false, names)
    const all = Object.entries({ ...first, again: await doors.run({ id, script, args: args(), dryRun: false }) })
    if (timing)
      for (const [, { exit, code }] of all) expect(['CHECK_FAILED', undefined]).toContain(exit === 0 ? undefined : code)
    expectSame(
      Object.fromEntries(
        all.filter(([door, { exit }]) => door === 'run' || !timing || (exit === 0 && first['run']?.exit === 0)),
      ),
      volatile,
    )
    for (const [, said] of all) expectCheap(id, said)
    return
  }
  const dry = await through(true, names)
  expectSame(dry, volatile || id === 'history/backup')
  if (onlyDry) return
  expect(dry['run']).toMatchObject({ exit: 0, text: expect.stringMatching(/^dry run, would change \d+: /) })
  expect((dry['run']?.plan?.length ?? 0) > 0).toBe(already !== true)
  const once = (await through(false, ['cli']))['cli'] as EntryPointResult
  expect(once.exit, once.text).toBe(0)
  expect(once.text.startsWith('unchanged')).toBe(already === true)
  const again = repeats ? { run: once } : await through(false, names)
  expectSame(again, volatile)
  if (!repeats) expect(again.run?.text).toMatch(/^unchanged: /)
  for (const said of [once, ...Object.values(dry), ...Object.values(again)]) expectCheap(id, said)
  if (undo !== undefined && undo[0] !== 'history/discard')
    expect(await runScript(undo[0], undo[1], { config })).toMatchObject({ changed: expect.any(Number) })
})

test('history/discard: the same plan through every door, each with its own confirmation', async () => {
  const script = await loadScript('history/discard')
  const call = { id: 'history/discard', script, args: { folder: restored }, dryRun: true }
  expectSame({
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
  expect(await doors.run({ ...call, args: { name: backup }, dryRun: false })).toMatchObject({
    exit: 0,
    text: `deleted ${backup}`,
  })
  expect(await doors.file({ ...call, args: { name: backup }, dryRun: false })).toMatchObject({
    exit: 0,
    data: { deleted: '' },
  })
})

test('platform-up/down, and what every door says of a platform that does not run', async () => {
  const call = { id: 'platform-up/down', script: await loadScript('platform-up/down'), args: {}, dryRun: true }
  expectSame({
    run: await doors.run(call),
    file: await doors.file(call),
    cli: await doors.cli(call),
    mcp: await doors.mcp(call),
  })
  expect(await doors.mcp({ ...call, dryRun: false })).toMatchObject({
    exit: 0,
    text: `stopped the platform on ${place.data}`,
  })
  expectSame({ run: await doors.run({ ...call, dryRun: false }), cli: await doors.cli({ ...call, dryRun: false }) })
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
  expectSame(all)
  expect(all.run).toMatchObject({ exit: codes.NOT_RUNNING.exit, code: 'NOT_RUNNING' })
})

test('platform-up/purge: the same plan through every door; what others put into the folder stays', async () => {
  const call = { id: 'platform-up/purge', script: await loadScript('platform-up/purge'), args: {}, dryRun: true }
  const own = join(place.data, 'mine.txt')
  await writeFile(own, 'mine')
  expectSame({
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
