import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { codeOf, wrongCommands } from './documented-commands.ts'

const root = join(import.meta.dirname, '..', '..')
const documents = globSync(['*.md', 'docs/**/*.md', 'skills/*/SKILL.md'], { cwd: root })
const paths =
  /^(?:agents|api|bench|bin|docs|examples|exercises|host|manifests|mcp-server|platform|schemas|skills|tutor|verify)\/[\w./-]+$/

test.each(documents)('%s names files and commands that exist', { timeout: 120_000 }, async name => {
  const pieces = codeOf(readFileSync(join(root, name), 'utf8'))
  const named = pieces.flatMap(piece => piece.split(/\s+/)).filter(word => paths.test(word))
  expect(named.filter(path => !existsSync(join(root, path)))).toEqual([])
  expect((await Promise.all([...new Set(pieces)].map(wrongCommands))).flat()).toEqual([])
})

test.each([
  ['learnflow the', 'no command the'],
  ['learnflow up --targets local', 'learnflow up has no --targets'],
  ['learnflow kafka-topics invent', 'no script kafka-topics/invent'],
  ['learnflow kafka-topics create --partition 12', 'learnflow kafka-topics create has no --partition'],
  ['learnflow tutor judge FILE', 'no command tutor judge'],
  ['learnflow tutor run|grade FILE --exercise square', 'learnflow tutor run has no --exercise'],
  ['npx vitest run --project local bin/nowhere.test.ts', 'no file bin/nowhere.test.ts'],
])('`%s` is found out', { timeout: 60_000 }, async (code, said) => {
  expect(await wrongCommands(code)).toEqual([said])
})
