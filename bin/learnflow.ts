#!/usr/bin/env node
import { readdirSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { newCommand, runCommand } from '../skills/usage.ts'

// What a command needs is imported when it runs: `learnflow --help` stays below 200 ms.

const skillsFolder = join(import.meta.dirname, '..', 'skills')
/** Top commands that are scripts under a shorter name. */
const shortNames: Readonly<Record<string, string>> = {
  up: 'platform-up/up',
  down: 'platform-up/down',
  status: 'platform-up/status',
  doctor: 'platform-up/doctor',
}

const abouts: Readonly<Record<string, string>> = {
  up: 'start the platform in the background',
  down: 'stop it; what is in hand is finished; --purge deletes its data too',
  status: 'whether it is up and ready',
  doctor: 'what on this machine would keep it from running',
}

function addPlatformCommands(program: Command): void {
  program
    .command('serve', { hidden: true })
    .description('run the platform in the foreground')
    .option('--greet', 'say where it is and what to do next')
    .option('--target <target>', 'embedded', 'embedded')
    .option('--port <number>', 'the port of the API; 0 takes a free one')
    .option('--data <dir>', 'the data folder')
    .option('--json', 'print the address as data')
    .action(async options => (await import('./commands/serve.ts')).serveCommand(options))
  program
    .command('logs')
    .description('the last lines of its log')
    .option('--lines <number>', 'how many', '20')
    .option('--grep <text>', 'only lines with this text')
    .option('--process <name>', 'of which process, where there are many')
    .option('--follow', 'go on with what comes')
    .option('--data <dir>', 'the data folder')
    .option('--json', 'print the data')
    .action(async options => (await import('./commands/logs.ts')).logsCommand(options))
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
}

function addMeasuringCommands(program: Command): void {
  program
    .command('verify')
    .description('measure every claim about the running platform')
    .argument('[id...]', 'a check, or how its id begins')
    .option('--negative', 'break throwaway platforms: each check must notice')
    .option('--target <target>', 'what is broken: embedded, or local with its engines', 'embedded')
    .option('--quick', 'of the outages of engines only the short ones')
    .option('--throwaway', 'measure a platform made for it')
    .option('--data <dir>', 'the data folder')
    .option('--json', 'print the data')
    .action(async (ids, options) => (await import('./commands/measure.ts')).verifyCommand(ids, options))
  program
    .command('bench')
    .description('measure how fast it is, on platforms made for it')
    .argument('[name...]', 'a benchmark')
    .option('--target <target>', 'embedded or local', 'embedded')
    .option('--submissions <number>', 'how many, for effects on the target local')
    .option('--report <file>', 'a page that gets what it found')
    .option('--quick', 'smaller')
    .option('--json', 'print the data')
    .action(async (names, options) => (await import('./commands/measure.ts')).benchCommand(names, options))
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

const student = ['--student <id>', 'who asks', 'student-1'] as const

function addStudentCommands(program: Command): void {
  program
    .command('token')
    .description('a token for the API')
    .requiredOption('--student <id>', 'its `sub`')
    .option('--role <role>', 'student, teacher or operator', 'student')
    .option('--classes <id...>', 'what a teacher may see', [])
    .option('--data <dir>', 'the data folder')
    .option('--json', 'print the data')
    .action(async options => (await import('./commands/token.ts')).tokenCommand(options))
  program
    .command('ask')
    .description('ask a question')
    .argument('<message>', 'what you want to know')
    .option('--code <file>', 'the program it is about')
    .option(...student)
    .option('--data <dir>', 'the data folder')
    .option('--json', 'print the data')
    .action(async (message, options) => (await import('./commands/student.ts')).askCommand(message, options))
  program
    .command('submit')
    .description('hand a program in and wait for the verdict')
    .argument('<file>', 'the program; - is stdin')
    .requiredOption('--exercise <id>', 'for which exercise')
    .option('--key <key>', 'the same key never makes a second submission')
    .option(...student)
    .option('--data <dir>', 'the data folder')
    .option('--json', 'print the data')
    .action(async (file, options) => (await import('./commands/student.ts')).submitCommand(file, options))
  addListCommands(program)
}

function addListCommands(program: Command): void {
  const exercises = program.command('exercises').helpCommand(false)
  exercises
    .description('the exercises of the bank')
    .option('--module <module>', 'only of this module')
    .option('--limit <number>', 'at most so many', '20')
    .option('--data <dir>', 'the data folder')
    .option('--json', 'print the data')
    .action(async options => (await import('./commands/student.ts')).exercisesCommand(options))
  exercises
    .command('add')
    .description('add an exercise, or a newer version, once it is proven')
    .argument('<path>', 'its file or folder')
    .option('--owner <id>', 'who may change and retire it', 'operator-1')
    .action(async (path, _options, command) =>
      (await import('./commands/authors.ts')).addExercise(path, command.optsWithGlobals()),
    )
  exercises
    .command('retire')
    .description('take an added exercise back')
    .argument('<id>', 'its id')
    .option('--owner <id>', 'who does it', 'operator-1')
    .action(async (id, _options, command) =>
      (await import('./commands/authors.ts')).retireExercise(id, command.optsWithGlobals()),
    )
  program
    .command('submissions')
    .description('what a student handed in, newest first')
    .option(...student)
    .option('--limit <number>', 'at most so many', '10')
    .option('--data <dir>', 'the data folder')
    .option('--json', 'print the data')
    .action(async options => (await import('./commands/student.ts')).submissionsCommand(options))
}

function skillNames(): string[] {
  const folders = readdirSync(skillsFolder, { withFileTypes: true })
  return folders
    .filter(entry => entry.isDirectory() && existsSync(join(skillsFolder, entry.name, 'SKILL.md')))
    .map(entry => entry.name)
}

/** The command line with every top command; a script's own command is built when it is asked for. */
function program(): Command {
  const all = newCommand('learnflow')
    .description('A tutoring platform for people who learn Python, and the skills that build, check and repair it.')
    .usage('<command> | <skill> <script>')
    .helpCommand(false)
    .addHelpText('after', () => `\nSkills (learnflow SKILL lists its scripts): ${skillNames().join(' ')}`)
  for (const [name, about] of Object.entries(abouts))
    all.command(name).description(about).allowUnknownOption().helpOption(false)
  addPlatformCommands(all)
  addMeasuringCommands(all)
  addStudentCommands(all)
  addMcpCommand(all)
  addInstallCommands(all)
  all.command('tutor').description('the tutoring core without a platform: triage, run, grade, check, vary')
  return all
}

async function main(argv: readonly string[]): Promise<void> {
  const [first = ''] = argv
  if (first === '--version' || first === '-V') return (await import('./commands/script.ts')).tellVersion()
  if (first === 'tutor') {
    const { tutorCommands } = await import('./commands/tutor/tutor.ts')
    const tutor = newCommand('learnflow')
    tutorCommands(tutor)
    return runCommand(tutor, argv)
  }
  if (first === 'down' && argv.includes('--purge')) {
    const others = argv.slice(1).filter(argument => argument !== '--purge')
    return (await import('./commands/script.ts')).scriptByName('platform-up/purge', others, 'learnflow down --purge')
  }
  const short = shortNames[first]
  if (short !== undefined)
    return (await import('./commands/script.ts')).scriptByName(short, argv.slice(1), `learnflow ${first}`)
  if (skillNames().includes(first)) return (await import('./commands/script.ts')).skillCommand(first, argv.slice(1))
  return runCommand(program(), first === '' || first === 'help' ? ['--help'] : argv)
}

await main(process.argv.slice(2))
