#!/usr/bin/env node
import { readdirSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { scriptOf, shortNames } from '../skills/short-names.ts'
import { endSoon, newCommand, runCommand } from '../skills/usage.ts'

// Modules are imported by the command that needs them, so that `learnflow --help` stays below 200 ms.

const skillsFolder = join(import.meta.dirname, '..', 'skills')
function addPlatformCommands(program: Command): void {
  program
    .command('serve', { hidden: true })
    .description('run the platform in the foreground')
    .option('--greet', 'say where it is and what to do next')
    .option('--target <target>', 'one that is one process; default that of the folder')
    .option('--port <number>', 'the port of the API; 0 takes a free one')
    .option('--data <dir>', 'the data folder')
    .option('--json', 'print the address as data')
    .action(async options => (await import('./commands/serve.ts')).serveCommand(options))
  program
    .command('worker')
    .description('run one agent in the foreground, on targets where agents are processes')
    .argument('<name>', 'the agent')
    .option('--as <process>', 'which process of the platform on the data folder it is, such as exercise-1')
    .option('--data <dir>', 'the data folder')
    .option('--json', 'print the data')
    .action(async (name, options) => (await import('./commands/serve.ts')).workerCommand(name, options))
  program
    .command('api', { hidden: true })
    .description('run the API in the foreground, on targets where it is a process of its own')
    .option('--port <number>', 'its port; 0 takes a free one')
    .option('--as <process>', 'which process of the platform on the data folder it is, such as api-1')
    .option('--data <dir>', 'the data folder')
    .option('--json', 'print the data')
    .action(async options => (await import('./commands/serve.ts')).apiCommand(options))
  program
    .command('migrate', { hidden: true })
    .description('migrate the history and make the topics, on targets where a job does that')
    .option('--data <dir>', 'the data folder')
    .option('--json', 'print the data')
    .action(async options => (await import('./commands/serve.ts')).migrateCommand(options))
}

function addMcpCommand(program: Command): void {
  program
    .command('mcp')
    .description('serve coding agents by MCP: on stdin and stdout, or by HTTP')
    .option('--read-only', 'nothing can be changed')
    .option('--http <number>', 'the port to listen on; 0 takes a free one')
    .option('--host <address>', 'the address to listen on; other than loopback: with --auth', '127.0.0.1')
    .option('--auth', 'callers need a token with aud learnflow-mcp')
    .option('--token', 'print such a token, for 8 hours')
    .option('--data <dir>', 'the data folder')
    .option('--json', 'print the data')
    .action(async options => (await import('./commands/mcp.ts')).mcpCommand(options))
}

function addChatCommand(program: Command): void {
  program
    .command('chat')
    .description('talk with the tutor, a line a message; on a terminal, or piped')
    .option('--new', 'begin another conversation instead of going on with the last one')
    .option('--code <file>', 'the program that the first message is about')
    .option('--student <string>', 'who asks')
    .option('--json', 'print the data of each answer, one a line')
    .option('--data <dir>', 'the data folder')
    .option('--token-file <file>', 'whom to act as')
    .addHelpText(
      'after',
      '\n/new, /code FILE, /hint [EXERCISE], /help and /quit on a line are commands; a line ``` begins and ends a program.',
    )
    .action(async options => {
      await (await import('./commands/chat.ts')).chatCommand(options)
      endSoon()
    })
}

function addInstallCommands(program: Command): void {
  for (const [name, about] of [
    ['install', 'give the coding agents of this machine the skills and the MCP server'],
    ['uninstall', 'take them out again; every file comes back as it was'],
  ] as const)
    program
      .command(name)
      .description(about)
      .option('--host <name...>', 'claude-code, codex, vscode, cursor, goose; without it those found')
      .option('--dry-run', 'say what it would do')
      .option('--json', 'print the data')
      .action(async options => {
        const { installCommand, uninstallCommand } = await import('./commands/install/install.ts')
        await (name === 'install' ? installCommand(options) : uninstallCommand(options))
      })
}

function skillNames(): string[] {
  const folders = readdirSync(skillsFolder, { withFileTypes: true })
  return folders
    .filter(entry => entry.isDirectory() && existsSync(join(skillsFolder, entry.name, 'SKILL.md')))
    .map(entry => entry.name)
}

/** The command line with every top-level command; a script's own command is built when it is called. */
function program(): Command {
  const all = newCommand('learnflow')
    .description('A tutoring platform for people who learn Python, and the skills that build, check and repair it.')
    .usage('<command> | <skill> <script>')
    .helpCommand(false)
    .addHelpText('after', () => `\nSkills (learnflow SKILL lists its scripts): ${skillNames().join(' ')}`)
  for (const [name, { about }] of Object.entries(shortNames))
    all.command(name).description(about).allowUnknownOption().helpOption(false)
  addPlatformCommands(all)
  addChatCommand(all)
  addMcpCommand(all)
  addInstallCommands(all)
  all.command('tutor').description('the tutoring core without a platform: triage, run, grade, check, vary, concept')
  return all
}

/** Asked for the help of a command that is not there, commander would show the help of all. */
const isKnown = (name: string): boolean =>
  name.startsWith('-') || skillNames().includes(name) || program().commands.some(command => command.name() === name)

async function main(argv: readonly string[]): Promise<void> {
  const [first = ''] = argv
  // `help submit` is `submit --help`; `help` alone lists all commands.
  if (first === 'help' && argv.length > 1)
    return main(isKnown(argv[1] ?? '') ? [...argv.slice(1), '--help'] : argv.slice(1))
  if (first === '--version' || first === '-V') return (await import('./commands/script.ts')).tellVersion()
  if (first === 'tutor') {
    const { tutorCommands } = await import('./commands/tutor/tutor.ts')
    const tutor = newCommand('learnflow')
    tutorCommands(tutor)
    return runCommand(tutor, argv)
  }
  const short = shortNames[first]
  if (short !== undefined) {
    const { id, rest } = scriptOf(short, argv.slice(1))
    await (await import('./commands/script.ts')).shortCommand(id, rest, `learnflow ${first}`, short.instead)
    return endSoon()
  }
  if (skillNames().includes(first)) {
    await (await import('./commands/script.ts')).skillCommand(first, argv.slice(1))
    return endSoon()
  }
  return runCommand(program(), first === '' || first === 'help' ? ['--help'] : argv)
}

// What a command or a process writes is for its user alone.
process.umask(0o077)
// Whoever reads the output may have read enough (`| head -1`): the rest is for nobody, and that is no failure.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
await main(process.argv.slice(2))
