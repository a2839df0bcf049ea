import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../platform/errors.ts'
import type { Effect, Script } from '../skills/definition.ts'
import { nearest } from '../skills/nearest.ts'
import { openIndex, type Ranked, readSkills, type SkillIndex } from '../skills/rank.ts'
import { loadScript, scriptIds, skillNames } from '../skills/registry.ts'

export const skillsFolder = join(import.meta.dirname, '..', 'skills')

export interface Operation {
  op: string
  script: Script
}

/** The skills of a folder, with their scripts as operations. A script is loaded on first use. */
export interface Catalogue {
  root: string
  skills: readonly string[]
  ops: readonly string[]
  /** @throws NOT_FOUND with the nearest names. */
  get(op: string): Promise<Operation>
  all(): Promise<Operation[]>
  /** The operations that match the words, best first; none when no word is known. */
  rank(words: string): Promise<Ranked[]>
  /** The instructions of a skill, without their front matter. */
  body(skill: string): Promise<string>
  /** The paths of the references of a skill, such as `kafka-topics/references/lag.md`. */
  references(skill: string): string[]
}

export function openCatalogue(root: string = skillsFolder): Catalogue {
  const [skills, ops] = [skillNames(root), scriptIds(root)]
  const loaded = new Map<string, Promise<Script>>()
  const get = async (op: string): Promise<Operation> => {
    if (!ops.includes(op))
      throw new PlatformError('NOT_FOUND', `there is no operation ${op.slice(0, 80)}`, {
        hint: `Nearest: ${nearest(op.slice(0, 80), ops).join(', ')}.`,
      })
    const script = loaded.get(op) ?? loadScript(op, root)
    loaded.set(op, script)
    return { op, script: await script }
  }
  // Built at the first search, because a server that only runs operations need not load all scripts.
  let index: Promise<SkillIndex> | undefined
  return {
    root,
    skills,
    ops,
    get,
    all: async () => Promise.all(ops.map(get)),
    async rank(words) {
      index ??= readSkills(root).then(openIndex)
      return (await index).rank(words)
    },
    async body(skill) {
      const text = await readFile(join(root, skill, 'SKILL.md'), 'utf8')
      return text.replace(/^---\n.*?\n---\n/s, '').trim()
    },
    references(skill) {
      const folder = join(root, skill, 'references')
      return existsSync(folder) ? readdirSync(folder).map(file => `${skill}/references/${file}`) : []
    },
  }
}

/** The tool that runs operations with this effect. */
export const toolOf = (effect: Effect): 'read' | 'change' => (effect === 'reads' ? 'read' : 'change')

/** @throws INVALID_INPUT when another tool runs the operation, FORBIDDEN when this server may not run it. */
export function demandTool({ op, script }: Operation, tool: 'read' | 'change', readOnly: boolean): void {
  const right = toolOf(script.effect)
  const does = script.effect === 'probes' ? 'measures by writing' : script.effect
  if (right === tool) return
  if (readOnly)
    throw new PlatformError('FORBIDDEN', `${op} ${does}, and this server only reads`, {
      hint: 'Start it without --read-only.',
    })
  throw new PlatformError('INVALID_INPUT', `${op} ${does}: it is not for the tool ${tool}`, {
    hint: `Use the tool ${right}.`,
  })
}
