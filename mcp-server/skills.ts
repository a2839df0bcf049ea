import type { CacheHint } from '@modelcontextprotocol/server'
import { type SkillCatalog, type SkillFiles, SkillsExtension } from '@modelcontextprotocol/server/ext/skills'
import { nodeSkillFiles } from '@modelcontextprotocol/server/ext/skills/node'

/** The parts of a skill by the Agent Skills format; tests and modules beside them are not included. */
const parts = /^(?:SKILL\.md|scripts|references|assets)$/

/** Loads the skills for the extension io.modelcontextprotocol/skills. A skill that breaks the format is an error. */
export async function loadSkills(root: string, cacheHint: CacheHint): Promise<SkillCatalog> {
  const files = nodeSkillFiles(root)
  const filtered: SkillFiles = {
    async list(folder) {
      const entries = await files.list(folder)
      if (folder === '') return entries.filter(({ kind }) => kind === 'directory')
      return folder.includes('/') ? entries : entries.filter(({ name }) => parts.test(name))
    },
    read: files.read,
  }
  return SkillsExtension.load(filtered, { cacheHint, strict: true })
}
