import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyTree, root, temporaryFolder } from '../../verify/test-platform.ts'

// The additions that AGENTS.md describes and that are one new file, made in a copy of the tree with no other change.

let place: Awaited<ReturnType<typeof temporaryFolder>>
let tree: string
const learnflow = async (...args: string[]) =>
  execa(process.execPath, [join(tree, 'bin', 'learnflow.ts'), ...args], {
    cwd: tree,
    env: { LEARNFLOW_DATA_DIR: join(place.path, 'data') },
    reject: false,
    all: true,
  })

beforeAll(async () => {
  place = await temporaryFolder()
  tree = join(place.path, 'tree')
  await mkdir(tree)
  await copyTree(tree)
  await cp(join(root, 'mcp-server'), join(tree, 'mcp-server'), { recursive: true })
})
afterAll(async () => place[Symbol.asyncDispose]())

const script = `import * as z from 'zod'
import { defineScript, runAsMain } from '../../script.ts'

const greet = defineScript({
  about: 'Greets somebody.',
  effect: 'reads',
  input: z.object({ name: z.string().describe('who').meta({ positional: true }) }),
  output: z.object({ greeting: z.string() }),
  async run({ name }) {
    return { summary: \`hello \${name}\`, data: { greeting: \`hello \${name}\` } }
  },
})
export default greet
if (import.meta.main) await runAsMain(import.meta, greet)
`

test('a script is one file, which is a command of its skill and listed with the others', async () => {
  expect((await learnflow('kafka-topics', 'greet', 'ann')).exitCode).not.toBe(0)
  await writeFile(join(tree, 'skills', 'kafka-topics', 'scripts', 'greet.ts'), script)
  expect(await learnflow('kafka-topics', 'greet', 'ann')).toMatchObject({ exitCode: 0, stdout: 'hello ann' })
  expect((await learnflow('kafka-topics', '--help')).stdout).toContain('Greets somebody.')
})

const check = `import { defineCheck } from '../check.ts'

export default [
  defineCheck({
    id: 'addition.answers',
    claim: 'the API lists exercises',
    fault: 'platform-stopped',
    async run({ client, newStudent }) {
      const { exercises } = await client({ student: newStudent() }).exercises({ module: 'basics' })
      return { ok: exercises.length > 0, measured: \`\${exercises.length} exercises\` }
    },
  }),
]
`

test('a check is one file, which is measured and seen to fail under its fault', async () => {
  expect((await learnflow('verify', 'addition', '--throwaway')).all).toContain('no check is called addition')
  await writeFile(join(tree, 'verify', 'checks', 'addition.ts'), check)
  const broken = await learnflow('verify', 'addition', '--negative')
  expect(broken.exitCode, broken.all).toBe(0)
  expect(broken.stdout).toContain('caught 1 of 1')
})
