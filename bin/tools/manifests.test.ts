import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { skillNames } from '../../skills/registry.ts'

const root = join(import.meta.dirname, '..', '..')
const json = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(root, file), 'utf8'))
const { version, description } = z
  .object({ version: z.string(), description: z.string() })
  .parse(await json('package.json'))

const name = z.string().regex(/^(?!.*(?:--|\.\.))[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/)
const author = z.strictObject({ name: z.string(), email: z.string().optional(), url: z.string().optional() })
const about = {
  version: z.literal(version),
  description: z.string().min(1),
  author,
  homepage: z.string().optional(),
  repository: z.string().optional(),
  license: z.literal('Apache-2.0'),
  keywords: z.array(z.string()),
}
const stdio = {
  command: z.string().min(1),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()).optional(),
}

/** Agent Plugins 1.0.0 (https://agent-plugins.org/specification): unknown keys are errors. */
const agentPlugin = z.strictObject({
  $schema: z.literal('https://agent-plugins.org/schemas/1.0.0/plugin.schema.json'),
  name,
  ...about,
})
const agentMcp = z.strictObject({
  $schema: z.literal('https://agent-plugins.org/schemas/1.0.0/mcp.schema.json'),
  mcpServers: z.record(z.string(), z.strictObject({ type: z.literal('stdio'), ...stdio })),
})
/**
 * Claude Code (https://code.claude.com/docs/en/plugins-reference): names in kebab case, plugin sources relative to the
 * marketplace.
 */
const claudePlugin = z.strictObject({ name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), ...about })
const marketplace = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  owner: z.strictObject({ name: z.string(), email: z.string().optional() }),
  plugins: z
    .array(z.strictObject({ name: z.string(), source: z.string().startsWith('./'), description: z.string() }))
    .length(1),
})
const claudeMcp = z.strictObject({ mcpServers: z.record(z.string(), z.strictObject(stdio)) })

test.each([
  ['plugin.json', agentPlugin],
  ['mcp.json', agentMcp],
  ['.claude-plugin/plugin.json', claudePlugin],
  ['.claude-plugin/marketplace.json', marketplace],
  ['.mcp.json', claudeMcp],
])('%s is as its specification has it, and of the version of the package', async (file, schema) => {
  expect(schema.safeParse(await json(file)).error?.issues).toBeUndefined()
})

test('the manifests start a file that is there, and the skills are where a plugin has them', async () => {
  for (const file of ['mcp.json', '.mcp.json']) {
    const { args } = (claudeMcp.or(agentMcp).parse(await json(file)).mcpServers as Record<string, { args: string[] }>)[
      'learnflow'
    ] ?? { args: [] }
    expect(args[0]).toMatch(/^\$\{(?:CLAUDE_)?PLUGIN_ROOT\}\/bin\/learnflow\.mjs$/)
  }
  expect(existsSync(join(root, 'bin', 'learnflow.mjs'))).toBe(true)
  expect(skillNames().every(skill => existsSync(join(root, 'skills', skill, 'SKILL.md')))).toBe(true)
  expect(description).toContain('skills')
})
