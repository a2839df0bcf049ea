import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../platform/config.ts'
import { openProbe } from '../../verify/check.ts'
import { copyTree, root, startTestPlatform, temporaryFolder } from '../../verify/test-platform.ts'

// The additions that AGENTS.md describes and that edit a file, made in a copy of the tree: they touch nothing else.

let place: Awaited<ReturnType<typeof temporaryFolder>>
let tree: string

beforeAll(async () => {
  place = await temporaryFolder()
  tree = join(place.path, 'tree')
  await mkdir(tree)
  await copyTree(tree)
  for (const name of ['vitest.config.ts', 'tsconfig.json', 'mcp-server'])
    await cp(join(root, name), join(tree, name), { recursive: true })
})
afterAll(async () => place[Symbol.asyncDispose]())

const node = async (...args: string[]) => execa(process.execPath, args, { cwd: tree, reject: false, all: true })
const types = async () => node(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.')
const vitest = async (...args: string[]) =>
  node(join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'unit', ...args)

/** Puts `text` before the only match of `mark`, or in its place. */
async function edit(file: string, mark: string, text: string, instead = false): Promise<void> {
  const path = join(tree, file)
  const parts = (await readFile(path, 'utf8')).split(mark)
  expect(parts, `${file}: ${mark}`).toHaveLength(2)
  await writeFile(path, parts.join(instead ? text : `${text}${mark}`))
}

const detector = `const backwards: Detector = ({ got, expected }) =>
  got.length > 1 && Array.from(got).toReversed().join('') === expected ? note('output-backwards') : undefined

`
const catalogueEntry = `## output-backwards

the output is the right one, written backwards

\`\`\`yaml
tests:
  - { stdin: Ann, stdout: "Hello Ann" }
\`\`\`

\`\`\`python
print(("Hello " + input())[::-1])
\`\`\`

`

test('a feedback code is a line, a detector and a text: the example is graded and gets the note', async () => {
  const texts = async () => vitest('tutor/feedback/texts.test.ts', '-t', 'each code has a text|output-backwards')
  await edit('tutor/feedback/codes.ts', "  'output-words': ", "  'output-backwards': essential(),\n")
  await edit('tutor/feedback/texts/en.md', '## output-words\n', catalogueEntry)
  expect((await texts()).exitCode).not.toBe(0)
  await edit('tutor/feedback/output-feedback.ts', 'const detectors: ', detector)
  await edit('tutor/feedback/output-feedback.ts', '[nothing, ', '[nothing, backwards, ', true)
  expect((await types()).stdout).toBe('')
  const done = await texts()
  expect(done.exitCode, done.all).toBe(0)
})

const driver = `import { PlatformError } from '../../errors.ts'
import type { StateStore } from '../../ports/state-store.ts'
import { stateJson, stateKey } from '../state-input.ts'

interface Entry {
  json: string
  version: number
  until: number
}

/** State in the memory of this process, gone with it. \`runs\`: whether it can be reached. */
export function memoryState(runs = () => true): StateStore {
  const entries = new Map<string, Entry>()
  let version = 0
  const find = (key: string): Entry | undefined => {
    if (!runs()) throw new PlatformError('DEPENDENCY_DOWN', 'the memory is closed', { hint: 'learnflow up' })
    const entry = entries.get(stateKey(key))
    return entry === undefined || entry.until <= Date.now() ? undefined : entry
  }
  const etagOf = (entry: Entry | undefined): string | null => (entry === undefined ? null : \`memory-\${entry.version}\`)
  const demand = (key: string, etag: string | null | undefined): void => {
    const present = etagOf(find(key))
    if (etag !== undefined && etag !== present)
      throw new PlatformError('CONFLICT', \`the state \${key} changed since it was read\`, { hint: 'Read it again.' })
  }
  return {
    async get<T>(key: string) {
      const entry = find(key)
      return entry === undefined ? undefined : { value: JSON.parse(entry.json) as T, etag: etagOf(entry) ?? '' }
    },
    async set(key, value, { etag, ttlSeconds = Infinity } = {}) {
      demand(key, etag)
      entries.set(key, { json: stateJson(value), version: (version += 1), until: Date.now() + 1_000 * ttlSeconds })
    },
    async delete(key, etag) {
      if (find(key) !== undefined) demand(key, etag)
      entries.delete(key)
    },
    async [Symbol.asyncDispose]() {},
  }
}
`
const driverTest = `import { stateStoreContract } from '../../contract/state-store.ts'
import { memoryState } from './state.ts'

stateStoreContract('memory', async () => {
  let runs = true
  return { store: memoryState(() => runs), kill: async () => void (runs = false), [Symbol.asyncDispose]: async () => {} }
})
`

test('a driver is a function, its test with the contract and one line: the platform runs on it', async () => {
  await mkdir(join(tree, 'platform/drivers/memory'))
  await writeFile(join(tree, 'platform/drivers/memory/state.ts'), driver)
  await writeFile(join(tree, 'platform/drivers/memory/state.test.ts'), driverTest)
  const line = "    state: (await import('./drivers/memory/state.ts')).memoryState(),\n"
  await edit('platform/open.ts', '    state: embeddedState(history),\n', line, true)
  await edit('platform/open.ts', 'embeddedLog, embeddedState, inProcessInvoker', 'embeddedLog, inProcessInvoker', true)
  expect((await types()).stdout).toBe('')
  const contract = await vitest('platform/drivers/memory')
  expect(contract.exitCode, contract.all).toBe(0)

  const folder = join(place.path, 'data')
  await mkdir(folder)
  await using _platform = await startTestPlatform({ folder, tree })
  const probe = await openProbe(folder, readConfig())
  const student = probe.newStudent()
  const client = probe.client({ student })
  const { request_id } = await client.submit('square', 'def square(n):\n    return n * n\n', 'memory')
  expect(await client.ended(request_id)).toMatchObject({ status: 'done' })
  const key = `student:{${student}}:mastery:latest:basics`
  await expect
    .poll(async () => probe.operate('state-store/get', { key }).catch((error: unknown) => error))
    .toMatchObject({ etag: expect.stringMatching(/^memory-\d+$/) })
})
