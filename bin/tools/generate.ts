import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { openApiDocument } from '../../api/openapi.ts'
import { toolsSnapshot } from '../../mcp-server/snapshot.ts'
import { Config } from '../../platform/config.ts'
import {
  differencesOf,
  type Files,
  generatedFolder,
  jsonText,
  readFiles,
  schemaFiles,
  writeFiles,
} from '../../schemas/generated.ts'
import { skillsPage } from '../../skills/catalog.ts'
import { promisesTable } from '../../verify/promises.ts'
import { agentSections, type Section } from './agent-sections.ts'
import { agentManifests } from './agent-manifests.ts'
import { kongResources } from './kong-resources.ts'
import { readKong } from '../../platform/edge/kong.ts'
import { hasCode } from '../../platform/errors.ts'
import type { JsonSchema } from '../../schemas/json-schema.ts'

const root = join(import.meta.dirname, '..', '..')

interface Setting extends JsonSchema {
  default?: unknown
  description?: string
}

function valuesOf({ type, enum: words, minimum, maximum }: Setting): string {
  if (words !== undefined) return words.map(word => `\`${String(word)}\``).join(', ')
  return minimum === undefined ? 'text' : `${type === 'integer' ? 'whole number, ' : ''}${minimum} to ${maximum}`
}

function settingsTable(): string {
  const { properties } = z.toJSONSchema(Config, { io: 'output' }) as { properties: Record<string, Setting> }
  const rows = Object.entries(properties).map(([name, setting]) => {
    const initial =
      setting.default === undefined || setting.default === ''
        ? ''
        : `\`${JSON.stringify(setting.default).replaceAll('"', '')}\``
    return `| \`${name}\` | ${initial} | ${valuesOf(setting)} | ${setting.description ?? ''} |`
  })
  return ['| setting | default | values | meaning |', '| --- | --- | --- | --- |', ...rows]
    .map(line => `${line}\n`)
    .join('')
}

async function wantedFiles(): Promise<Files> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  return new Map([...schemaFiles(), ['openapi.json', jsonText(await openApiDocument(version))]])
}

/** The content of a text file, undefined when it does not exist. */
async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  })
}

/** A table of the README, between the lines `<!-- NAME:begin -->` and `<!-- NAME:end -->`. */
const readmeTable = (name: string, wanted: string): Section => ({
  file: 'README.md',
  part: new RegExp(`(?<=<!-- ${name}:begin -->\\n).*?(?=<!-- ${name}:end -->)`, 's'),
  wanted,
})

/** Writes or checks one generated file; returns what differed. */
async function generateFile(name: string, wanted: string, check: boolean): Promise<string[]> {
  const file = join(root, name)
  const present = await textOf(file)
  if (present === wanted) return []
  if (!check) await writeFile(file, wanted)
  return [`${present === undefined ? 'missing' : 'stale  '} ${name}`]
}

/** Writes or checks one generated part of a file; returns what differed. A tree without the file has no such part. */
async function generateSection({ file, part, wanted }: Section, check: boolean): Promise<string[]> {
  const present = await textOf(join(root, file))
  if (present === undefined) return []
  if (!part.test(present)) return [`missing ${file}: ${part.source}`]
  const text = present.replace(part, () => wanted)
  if (text === present) return []
  if (!check) await writeFile(join(root, file), text)
  return [`stale   ${file}`]
}

/**
 * Writes everything that is generated: schemas, openapi.json, the MCP tools, SKILLS.md, the edge's resources, the agents' manifests, the README's tables of promises
 * and settings, and the parts that depend on the list of agents. With `check` it only returns what would change.
 */
async function generate(check: boolean): Promise<string[]> {
  const wanted = await wantedFiles()
  const differences = differencesOf(await readFiles(generatedFolder), wanted)
  if (!check) await writeFiles(generatedFolder, wanted, differences)
  const found = [
    ...differences.map(({ path, state }) => `${state.padEnd(7)} schemas/generated/${path}`),
    ...(await generateFile('mcp-server/tools.json', await toolsSnapshot(), check)),
    ...(await generateFile('SKILLS.md', await skillsPage(), check)),
    ...(await generateFile('manifests/kong/resources.yaml', kongResources(await readKong()), check)),
  ]
  for (const [file, text] of await agentManifests()) found.push(...(await generateFile(file, text, check)))
  const tables = [readmeTable('promises', promisesTable()), readmeTable('settings', settingsTable())]
  // One after the other, because several may be parts of one file.
  for (const section of [...tables, ...(await agentSections())]) found.push(...(await generateSection(section, check)))
  return found
}

const check = process.argv.includes('--check')
const found = await generate(check)
for (const line of found) console.log(line)
console.log(
  check && found.length > 0
    ? `${found.length} not as generated: npm run generate`
    : `generated files: ${found.length === 0 ? 'unchanged' : `${found.length} changed`}`,
)
process.exitCode = check && found.length > 0 ? 1 : 0
