import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../platform/config.ts'
import { openProbe } from '../../verify/check.ts'
import { root, startTestPlatform } from '../../verify/test-platform.ts'
import { expectAnswer, openScratchTree, type ScratchTree } from './test-scaffold.ts'

let tree: ScratchTree
beforeAll(async () => (tree = await openScratchTree()))
afterAll(async () => tree[Symbol.asyncDispose]())

test('a new agent type-checks, passes its own test, starts, answers, and is taken out without a trace', async () => {
  const before = await tree.files()
  expect(await tree.scaffold({}, true)).toMatchObject({
    changed: 4,
    plan: [
      'write agents/mentor/agent.ts',
      'write agents/mentor/agent.test.ts',
      'edit schemas/words.ts',
      'edit schemas/events.ts',
    ],
  })
  expect(await tree.files()).toEqual(before)
  expect(await tree.scaffold()).toMatchObject({ changed: 4 })
  expect(await tree.scaffold()).toMatchObject({ changed: 0, summary: expect.stringMatching(/^unchanged/) })

  const bin = join(root, 'node_modules')
  const [types, own] = await Promise.all([
    tree.node(join(bin, 'typescript/bin/tsc'), '-p', '.'),
    tree.node(join(bin, 'vitest/vitest.mjs'), 'run', '--project', 'unit', 'agents/mentor'),
  ])
  expect(types.stdout).toBe('')
  expect(own.exitCode, own.stdout).toBe(0)
  expect((await tree.node('bin/tools/generate.ts')).exitCode).toBe(0)

  const folder = join(tree.folder, 'data')
  await mkdir(folder)
  await using _platform = await startTestPlatform({ folder, tree: tree.path })
  const probe = await openProbe(folder, readConfig())
  await expectAnswer(probe)
  const mentor = async () =>
    (await probe.operate<{ agents: { name: string }[] }>('tutoring-agents/status', {})).agents.find(
      ({ name }) => name === 'mentor',
    )
  await expect.poll(mentor).toMatchObject({ status: 'running', lag: 0, waiting: 0, dead: 0 })

  expect(await tree.scaffold({ undo: true })).toMatchObject({ changed: 4 })
  expect((await tree.node('bin/tools/generate.ts')).exitCode).toBe(0)
  expect(await tree.files()).toEqual(before)
  expect(await tree.scaffold({ undo: true })).toMatchObject({ changed: 0 })
})

test('a name that is taken, no name at all and a folder without sources are refused', async () => {
  for (const args of [{ name: 'exercise' }, { name: 'kafka' }, { name: '../up' }, { tree: tree.folder }])
    await expect(tree.scaffold(args)).rejects.toMatchObject({
      code: expect.stringMatching(/^(CONFLICT|INVALID_INPUT)$/),
    })
})
