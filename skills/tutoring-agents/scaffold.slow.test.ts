import { cp, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../platform/config.ts'
import { openProbe } from '../../verify/check.ts'
import { copyTree, root, startTestPlatform, temporaryFolder } from '../../verify/test-platform.ts'
import { runScript } from '../registry.ts'

const config = readConfig()
let place: Awaited<ReturnType<typeof temporaryFolder>>
let tree: string
const scaffold = async (args: object, dryRun = false) =>
  runScript('tutoring-agents/scaffold', { name: 'mentor', tree, ...args }, { config, dryRun })
const node = async (...args: string[]) => execa(process.execPath, args, { cwd: tree, reject: false })

beforeAll(async () => {
  place = await temporaryFolder()
  tree = join(place.path, 'tree')
  await mkdir(tree)
  await copyTree(tree)
  for (const name of ['mcp-server', 'tsconfig.json', 'vitest.config.ts', 'README.md'])
    await cp(join(root, name), join(tree, name), { recursive: true })
})
afterAll(async () => place[Symbol.asyncDispose]())

test('a new agent type-checks, passes its own test, starts, works, and is taken out without a trace', async () => {
  const places = ['schemas/words.ts', 'schemas/events.ts', 'host/assemble.ts']
  const texts = async () => Promise.all(places.map(async file => readFile(join(tree, file), 'utf8')))
  const before = await texts()
  expect(await scaffold({}, true)).toMatchObject({
    changed: 5,
    plan: expect.arrayContaining(['write agents/mentor/agent.ts', 'edit schemas/events.ts']),
  })
  expect(await texts()).toEqual(before)
  expect(await scaffold({})).toMatchObject({ changed: 5 })
  expect(await scaffold({})).toMatchObject({ changed: 0, summary: expect.stringMatching(/^unchanged/) })

  const bin = join(root, 'node_modules')
  const [types, own] = await Promise.all([
    node(join(bin, 'typescript/bin/tsc'), '-p', '.'),
    node(join(bin, 'vitest/vitest.mjs'), 'run', '--project', 'unit', 'agents/mentor'),
  ])
  expect(types.stdout).toBe('')
  expect(own.exitCode, own.stdout).toBe(0)
  expect((await node('bin/tools/generate.ts')).exitCode).toBe(0)

  const folder = join(place.path, 'data')
  await mkdir(folder)
  await using _platform = await startTestPlatform({ folder, tree })
  const probe = await openProbe(folder, config.LEARNFLOW_JWT_ISSUER)
  const client = probe.client({ student: probe.newStudent() })
  await client.ended((await client.submit('square', 'def square(n): return n * n', 'scaffold')).request_id)
  const mentor = async () =>
    (await probe.operate<{ agents: { name: string }[] }>('tutoring-agents/status', {})).agents.find(
      ({ name }) => name === 'mentor',
    )
  await expect.poll(mentor).toMatchObject({ status: 'running', lag: 0, waiting: 0, dead: 0 })

  expect(await scaffold({ undo: true })).toMatchObject({ changed: 5 })
  expect(await texts()).toEqual(before)
  expect(await scaffold({ undo: true })).toMatchObject({ changed: 0 })
})

test('a name that is taken, no name at all and a folder without sources are refused', async () => {
  for (const args of [{ name: 'exercise' }, { name: '../up' }, { tree: place.path }])
    await expect(scaffold(args)).rejects.toMatchObject({ code: expect.stringMatching(/^(CONFLICT|INVALID_INPUT)$/) })
})
