import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scriptIds } from '../../skills/registry.ts'

const root = join(import.meta.dirname, '..', '..')
const documents = globSync('{*.md,docs/**/*.md}', { cwd: root })
const topCommands = readFileSync(join(root, 'bin', 'learnflow.ts'), 'utf8')

/** What stands between backticks. */
const quoted = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(match => match[1] ?? '')
const paths =
  /^(?:agents|api|bench|bin|docs|examples|exercises|host|manifests|mcp-server|platform|schemas|skills|tutor|verify)\/[\w./-]+$/

test.each(documents)('%s names files and commands that exist', name => {
  const pieces = quoted(readFileSync(join(root, name), 'utf8'))
  const named = pieces.flatMap(piece => piece.split(/\s+/)).filter(word => paths.test(word))
  expect(named.filter(path => !existsSync(join(root, path)))).toEqual([])
  const skills = new Set(scriptIds().map(id => id.split('/')[0]))
  const commands = pieces.flatMap(piece => [
    ...piece.matchAll(/\blearnflow(?:\.mjs)? ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?/g),
  ])
  const unknown = commands.filter(([, first = '', second = '']) =>
    skills.has(first) ? second !== '' && !scriptIds().includes(`${first}/${second}`) : !topCommands.includes(first),
  )
  expect(unknown.map(([text]) => text)).toEqual([])
})
