import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { parse as parseToml } from 'smol-toml'
import { parse as parseYaml } from 'yaml'
import { afterEach, beforeEach, expect, test } from 'vitest'

const learnflow = join(import.meta.dirname, '..', '..', 'learnflow.ts')
const settings = process.platform === 'darwin' ? 'Library/Application Support' : '.config'
/** Each host's file as its owner had it, with comments and formatting that must be kept. */
const files: Readonly<Record<string, string>> = {
  '.claude.json':
    '{\n    "numStartups": 12,\n    "mcpServers": { "other": { "type": "stdio", "command": "x", "args": [] } }\n}\n',
  '.codex/config.toml': '# mine\nmodel = "o"\n\n[mcp_servers.other]\ncommand = "x" # keep\n',
  [`${settings}/Code/User/mcp.json`]: '{\n\t// servers of mine\n\t"servers": {},\n\t"inputs": [],\n}\n',
  '.cursor/mcp.json': '{"mcpServers":{"other":{"command":"x"}}}',
  '.config/goose/config.yaml':
    'GOOSE_MODEL: o # keep\nextensions:\n  developer:\n    enabled: true\n    type: builtin\n    name: developer\n',
}
const hosts = ['claude-code', 'codex', 'vscode', 'cursor', 'goose'] as const
const configOf = Object.fromEntries(hosts.map((name, at) => [name, Object.keys(files)[at] ?? '']))

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'learnflow-home-'))
})
afterEach(async () => rm(home, { recursive: true, force: true }))

const run = async (...args: string[]) =>
  execa(process.execPath, [learnflow, ...args], {
    cwd: '/',
    env: { HOME: home, PATH: '/usr/bin:/bin' },
    extendEnv: false,
    reject: false,
  })
async function give(...names: string[]): Promise<void> {
  for (const name of names) {
    const file = configOf[name] ?? ''
    await mkdir(dirname(join(home, file)), { recursive: true })
    await writeFile(join(home, file), files[file] ?? '')
  }
}
/** Every file of the home, by path. */
async function snapshot(): Promise<Record<string, string>> {
  const names = (await readdir(home, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    await Promise.all(names.map(async name => [name.slice(home.length + 1), await readFile(name, 'utf8')] as const)),
  )
}
/** Our entry as each host would read it. */
function entryOf(host: string, text: string): unknown {
  if (host === 'codex') return (parseToml(text)['mcp_servers'] as Record<string, unknown>)['learnflow']
  if (host === 'goose') return parseYaml(text).extensions.learnflow
  const plain = JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, '').replaceAll(/,(\s*[}\]])/g, '$1'))
  return plain[host === 'vscode' ? 'servers' : 'mcpServers'].learnflow
}

test.each(hosts)(
  '%s: found, told what would be written, given skills and server once, and restored byte for byte',
  async host => {
    await give(host)
    const before = await snapshot()
    const dry = await run('install', '--dry-run')
    expect(dry).toMatchObject({ exitCode: 0, stderr: '' })
    expect(dry.stdout).toContain(`edit ${join(home, configOf[host] ?? '')}`)
    expect(await snapshot()).toEqual(before)

    expect((await run('install')).stdout).toMatch(new RegExp(`^installed for ${host}, \\d+ files changed$`))
    const after = await snapshot()
    const entry = entryOf(host, after[configOf[host] ?? ''] ?? '')
    expect(entry).toMatchObject({
      [host === 'goose' ? 'cmd' : 'command']: process.execPath,
      args: [join(dirname(learnflow), 'learnflow.mjs'), 'mcp'],
    })
    for (const word of ['keep', 'mine', 'other', 'numStartups', 'developer'])
      if (before[configOf[host] ?? '']?.includes(word)) expect(after[configOf[host] ?? '']).toContain(word)
    const folder = host === 'claude-code' ? '.claude/skills' : '.agents/skills'
    expect(
      Object.keys(after)
        .filter(name => name.endsWith('/SKILL.md'))
        .map(name => name.split('/').slice(0, 2).join('/')),
    ).toEqual(expect.arrayContaining([folder]))
    expect(Object.keys(after).some(name => name.startsWith(host === 'claude-code' ? '.agents/' : '.claude/'))).toBe(
      false,
    )
    expect(after[`${folder}/platform-up/SKILL.md`]).toMatch(/^metadata:\n {2}version: "\d/m)

    expect((await run('install')).stdout).toMatch(/^unchanged: /)
    expect(await snapshot()).toEqual(after)
    expect((await run('uninstall')).stdout).toMatch(/^uninstalled from/)
    expect(await snapshot()).toEqual(before)
    expect((await run('uninstall')).stdout).toMatch(/^unchanged: nothing is installed/)
  },
)

test('with all five hosts no host finds a skill twice, and one host can be taken out alone', async () => {
  await give(...hosts)
  const before = await snapshot()
  await run('install')
  const all = Object.keys(await snapshot())
  expect(all.some(name => name.startsWith('.claude/skills/'))).toBe(true)
  expect(all.some(name => name.startsWith('.agents/skills/'))).toBe(false)
  await run('uninstall', '--host', 'claude-code')
  const left = await snapshot()
  expect(left['.claude.json']).toBe(before['.claude.json'])
  expect(Object.keys(left).some(name => name.startsWith('.claude/skills/'))).toBe(false)
  expect(Object.keys(left).some(name => name.startsWith('.agents/skills/'))).toBe(true)
  expect((await run('install', '--host', 'codex')).stdout).toMatch(/^unchanged: /)
  await run('uninstall')
  expect(await snapshot()).toEqual(before)
})

test('what a host wrote after the installation survives a second one and the uninstallation', async () => {
  await give('claude-code')
  await run('install')
  const file = join(home, '.claude.json')
  await writeFile(file, (await readFile(file, 'utf8')).replace('"numStartups": 12', '"numStartups": 13'))
  expect((await run('install')).stdout).toMatch(/^unchanged: /)
  await run('uninstall')
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
    numStartups: 13,
    mcpServers: { other: { type: 'stdio', command: 'x', args: [] } },
  })
})

test('servers and skills of others under our names are kept, and an unreadable file stops only its own host', async () => {
  await give('cursor', 'claude-code')
  const mine = '{"mcpServers":{"learnflow":{"command":"mine"}}}'
  await writeFile(join(home, '.cursor/mcp.json'), mine)
  await mkdir(join(home, '.claude/skills/history'), { recursive: true })
  await writeFile(join(home, '.claude/skills/history/SKILL.md'), 'mine')
  const { stdout } = await run('install')
  expect(stdout.match(/^kept /gm)).toHaveLength(2)
  expect(await snapshot()).toMatchObject({ '.cursor/mcp.json': mine, '.claude/skills/history/SKILL.md': 'mine' })
  await run('uninstall')
  expect(await snapshot()).toMatchObject({ '.cursor/mcp.json': mine, '.claude/skills/history/SKILL.md': 'mine' })

  await writeFile(join(home, '.cursor/mcp.json'), '{ broken')
  expect(await run('install')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('.cursor/mcp.json of cursor cannot be changed'),
  })
  const after = await snapshot()
  expect(after['.cursor/mcp.json']).toBe('{ broken')
  expect(entryOf('claude-code', after['.claude.json'] ?? '')).toBeDefined()
  const before = await snapshot()
  expect(await run('install', '--host', 'cursor', 'claude-code')).toMatchObject({ exitCode: 3 })
  expect(await snapshot()).toEqual(before)
})

test('a file that begins with a byte order mark is read, and keeps it', async () => {
  await give('cursor')
  const path = join(home, '.cursor/mcp.json')
  const marked = `\ufeff${await readFile(path, 'utf8')}`
  await writeFile(path, marked)
  expect(await run('install')).toMatchObject({ exitCode: 0 })
  const text = await readFile(path, 'utf8')
  expect(text.startsWith('\ufeff')).toBe(true)
  expect(entryOf('cursor', text.slice(1))).toBeDefined()
  await run('uninstall')
  expect(await readFile(path, 'utf8')).toBe(marked)
})

test('a file of a host that cannot be read stops neither installing nor uninstalling the others', async () => {
  await give('cursor', 'codex', 'claude-code')
  await rm(join(home, '.cursor/mcp.json'))
  await mkdir(join(home, '.cursor/mcp.json'))
  const latin = Buffer.from('# Gr\xf6\xdfe\n', 'latin1')
  await writeFile(join(home, '.codex/config.toml'), latin)
  const { exitCode, stderr } = await run('install')
  expect([exitCode, stderr]).toEqual([
    3,
    expect.stringMatching(/config\.toml of codex cannot.*mcp\.json of cursor cannot/s),
  ])
  expect(await readFile(join(home, '.codex/config.toml'))).toEqual(latin)
  await rm(join(home, '.codex/config.toml'))
  expect(entryOf('claude-code', (await snapshot())['.claude.json'] ?? '')).toBeDefined()

  await run('install', '--host', 'codex')
  await writeFile(join(home, '.codex/config.toml'), 'broken [')
  expect(await run('uninstall')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('codex cannot be changed'),
  })
  expect((await snapshot())['.claude.json']).toBe(files['.claude.json'])
  await writeFile(join(home, '.codex/config.toml'), '[mcp_servers.learnflow]\ncommand = "x"\n')
  expect(await run('uninstall')).toMatchObject({ exitCode: 0 })
  expect((await snapshot())['.codex/config.toml']).not.toContain('learnflow')
})

test('without any host, or with an unknown one, nothing is written', async () => {
  expect(await run('install')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('--host claude-code') })
  expect(await run('install', '--host', 'emacs')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('no host emacs'),
  })
  expect(await snapshot()).toEqual({})
})

test('doctor names in one line what is of another version', async () => {
  await give('claude-code')
  await run('install')
  const record = join(home, '.local/state/learnflow/install.json')
  await writeFile(record, (await readFile(record, 'utf8')).replace(/"version": "[^"]+"/, '"version": "0.0.1"'))
  const { stderr, exitCode } = await run('doctor', '--data', join(home, 'data'))
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/learnflow: \S+, the skills of claude-code are 0\.0\.1\nlearnflow install$/),
  })
})
