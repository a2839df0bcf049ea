import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { HostName } from '../../../skills/platform-up/installed.ts'
import { type Format, jsonEntry, keepingMark, tomlEntry, yamlEntry } from './config.ts'

/** Where hosts look for skills: Claude Code reads only the first folder, Codex only the second, the others both. */
export type SkillsFolder = '.claude/skills' | '.agents/skills'

/**
 * A coding agent on this machine. It counts as installed when one of the paths in `signs` exists. `config` holds its
 * MCP servers, in the format `format`.
 */
export interface Host {
  name: HostName
  signs: readonly string[]
  reads: readonly SkillsFolder[]
  config: string
  format: Format
}

/** How the server is started: an absolute path, since a host's PATH differs from a terminal's. */
export interface Command {
  command: string
  args: string[]
}

const both: readonly SkillsFolder[] = ['.claude/skills', '.agents/skills']

/**
 * The hosts with their documented paths and formats: code.claude.com/docs/en/mcp, developers.openai.com/codex/mcp,
 * code.visualstudio.com/docs/agents/reference/mcp-configuration, cursor.com/docs/mcp, goose's
 * documentation/docs/guides/config-files.md.
 */
export function hostsOf(home: string, env: NodeJS.ProcessEnv, { command, args }: Command): Host[] {
  const settings = env['XDG_CONFIG_HOME'] ?? join(home, '.config')
  const claude = env['CLAUDE_CONFIG_DIR']
  const claudeConfig = claude === undefined ? join(home, '.claude.json') : join(claude, '.claude.json')
  const codex = env['CODEX_HOME'] ?? join(home, '.codex')
  const code =
    process.platform === 'darwin' ? join(home, 'Library', 'Application Support', 'Code') : join(settings, 'Code')
  const stdio = { type: 'stdio', command, args }
  const hosts: Host[] = [
    {
      name: 'claude-code',
      signs: [claude ?? join(home, '.claude'), claudeConfig],
      reads: ['.claude/skills'],
      config: claudeConfig,
      format: jsonEntry('mcpServers', stdio),
    },
    {
      name: 'codex',
      signs: [codex],
      reads: ['.agents/skills'],
      config: join(codex, 'config.toml'),
      format: tomlEntry('mcp_servers', { command, args }),
    },
    {
      name: 'vscode',
      signs: [code],
      reads: both,
      config: join(code, 'User', 'mcp.json'),
      format: jsonEntry('servers', stdio),
    },
    {
      name: 'cursor',
      signs: [join(home, '.cursor')],
      reads: both,
      config: join(home, '.cursor', 'mcp.json'),
      format: jsonEntry('mcpServers', { command, args }),
    },
    {
      name: 'goose',
      signs: [join(settings, 'goose')],
      reads: both,
      config: join(settings, 'goose', 'config.yaml'),
      format: yamlEntry('extensions', {
        name: 'learnflow',
        type: 'stdio',
        cmd: command,
        args,
        enabled: true,
        envs: {},
        timeout: 300,
      }),
    },
  ]
  return hosts.map(host => ({ ...host, format: keepingMark(host.format) }))
}

export const isThere = ({ signs }: Host): boolean => signs.some(path => existsSync(path))

/**
 * The folders that get the skills, so that every host finds them and none finds them twice. When Claude Code and Codex
 * are installed beside a host that reads both folders, Codex gets none, because it has the same skills over MCP.
 */
export function skillsFolders(hosts: readonly Host[]): SkillsFolder[] {
  const only = (folder: SkillsFolder): boolean => hosts.some(({ reads }) => reads.length === 1 && reads[0] === folder)
  const anyReadsBoth = hosts.some(({ reads }) => reads.length === 2)
  if (!anyReadsBoth) return both.filter(only)
  return only('.claude/skills') ? ['.claude/skills'] : ['.agents/skills']
}
