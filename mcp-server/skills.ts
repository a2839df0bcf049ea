import type { CacheHint } from '@modelcontextprotocol/server'
import { type SkillCatalog, type SkillFiles, SkillsExtension } from '@modelcontextprotocol/server/ext/skills'
import { nodeSkillFiles } from '@modelcontextprotocol/server/ext/skills/node'

/** What belongs to a skill by the Agent Skills format; tests and our own modules beside it do not. */
const parts = /^(?:SKILL\.md|scripts|references|assets)$/

/** The skills as the extension io.modelcontextprotocol/skills serves them. A skill that breaks the format is an error, not a warning. */
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
