import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { execa } from 'execa'
import { expect } from 'vitest'
import { readConfig } from '../../platform/config.ts'
import { Accepted } from '../../schemas/api.ts'
import type { Probe } from '../../verify/check.ts'
import { copyTree, root, temporaryFolder } from '../../verify/test-platform.ts'
import type { ScriptResult } from '../definition.ts'
import { runScript } from '../registry.ts'

/** A copy of our sources in a folder of its own, which a new agent can be written into. */
export interface ScratchTree extends AsyncDisposable {
  path: string
  /** The folder that holds the tree; other files of a test belong beside it. */
  folder: string
  /** `tutoring-agents/scaffold` for the agent `mentor` of this tree. */
  scaffold(args?: object, dryRun?: boolean): Promise<ScriptResult>
  node(...args: string[]): Promise<{ exitCode?: number; stdout: string; stderr: string }>
  /** Every file with the hash of its bytes. */
  files(): Promise<Record<string, string>>
}

export async function openScratchTree(): Promise<ScratchTree> {
  const place = await temporaryFolder()
  const path = join(place.path, 'tree')
  await mkdir(path)
  await copyTree(path)
  for (const name of ['mcp-server', 'docs', 'tsconfig.json', 'vitest.config.ts', 'README.md', 'SKILLS.md'])
    await cp(join(root, name), join(path, name), { recursive: true })
  return {
    path,
    folder: place.path,
    scaffold: async (args = {}, dryRun = false) =>
      runScript('tutoring-agents/scaffold', { name: 'mentor', tree: path, ...args }, { config: readConfig(), dryRun }),
    node: async (...args) => execa(process.execPath, args, { cwd: path, reject: false }),
    files: async () => filesIn(path),
    [Symbol.asyncDispose]: async () => place[Symbol.asyncDispose](),
  }
}

async function filesIn(tree: string): Promise<Record<string, string>> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true })
  // Types and tests leave caches.
  const paths = entries
    .filter(entry => entry.isFile() && entry.name !== '.tsbuildinfo')
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => !relative(tree, path).startsWith('.cache'))
  const hashes = paths.map(async path => [
    relative(tree, path),
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex'),
  ])
  return Object.fromEntries(await Promise.all(hashes)) as Record<string, string>
}

/** Asks the agent `mentor` of a running platform a question and expects its answer. */
export async function expectAnswer({ client, newStudent }: Probe): Promise<void> {
  const student = client({ student: newStudent() })
  const asked = await student.raw('POST', '/api/v1/agents/mentor/process', { body: { text: 'Why?' } })
  expect(asked.status, JSON.stringify(asked.body)).toBe(202)
  // The schema of this process does not know the agent.
  const { request_id } = Accepted.pick({ request_id: true }).parse(asked.body)
  expect(await student.ended(request_id)).toMatchObject({
    status: 'done',
    agent: 'mentor',
    result: { request_id, text: 'a question of 4 characters' },
  })
}
