#!/usr/bin/env node
import { readdirSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { endSoon, newCommand, runCommand } from '../skills/usage.ts'

// Modules are imported by the command that needs them, so that `learnflow --help` stays below 200 ms.

const skillsFolder = join(import.meta.dirname, '..', 'skills')
/** Top-level commands that are scripts under a shorter name; `instead` maps a word or flag to another script. */
const shortNames: Readonly<Record<string, ShortName>> = {
  up: { op: 'platform-up/up', about: 'start the platform in the background' },
  down: {
    op: 'platform-up/down',
    about: 'stop it; what is in hand is finished; --purge deletes its data too',
    instead: { '--purge': 'platform-up/purge' },
  },
  status: { op: 'platform-up/status', about: 'whether it is up and ready' },
  logs: { op: 'incident-triage/logs', about: 'the last lines of the logs of its processes; --follow goes on' },
  doctor: { op: 'platform-up/doctor', about: 'what on this machine would keep it from running' },
  verify: {
    op: 'platform-verify/all',
    about: 'measure every claim about the running platform, or those whose ids begin so',
    instead: {
      '--negative': 'platform-verify/negative',
      '--diagnosis': 'platform-verify/diagnosis',
      '--throwaway': 'platform-verify/throwaway',
      '--edge': 'platform-verify/edge',
    },
    named: 'platform-verify/one',
  },
  bench: { op: 'platform-bench/run', about: 'measure how fast it is, on platforms made for it' },
  token: {
    op: 'access/token',
    about: 'a token for the API; --students LIST makes one for each',
    instead: { '--students': 'access/tokens' },
  },
  ask: { op: 'tutoring/ask', about: 'ask a question; the last conversation goes on, --new begins another' },
  submit: { op: 'tutoring/submit', about: 'hand a program in and wait for the verdict' },
  exercises: {
    op: 'tutoring/exercises',
    about:
      'the exercises of the bank; show ID shows one, wish WORDS finds and makes some, new FOLDER, add PATH, retire ID',
    instead: {
      show: 'tutoring/exercise',
      wish: 'teaching/wish',
      new: 'tutoring/new-exercise',
      add: 'tutoring/add-exercise',
      retire: 'tutoring/retire-exercise',
    },
  },
  hint: { op: 'tutoring/hint', about: 'the next hint for a wrong program, from a nudge to code' },
  quiz: {
    op: 'tutoring/quiz',
    about: 'a quiz of what was done, a topic or an exercise; answer ID NUMBER ANSWER answers a question',
    instead: { answer: 'tutoring/answer' },
  },
  submissions: {
    op: 'tutoring/submissions',
    about: 'what a student handed in, newest first; show ID shows the grade',
    instead: { show: 'tutoring/submission' },
  },
  progress: { op: 'tutoring/progress', about: 'how far a student is, and what that follows from' },
  assignments: { op: 'tutoring/assignments', about: 'what is assigned to a student, by when, and how it stands' },
  notifications: { op: 'tutoring/notifications', about: 'what is new: assignments, comments, and who struggles' },
  classes: {
    op: 'teaching/classes',
    about: 'the classes; members, alerts, assignments, assign, grades and comment are for one',
    instead: {
      members: 'rosters/list',
      alerts: 'teaching/alerts',
      assignments: 'teaching/assignments',
      assign: 'teaching/assign',
      grades: 'teaching/grades',
      comment: 'teaching/comment',
    },
  },
}

interface ShortName {
  op: string
  about: string
  instead?: Readonly<Record<string, string>>
  /** The script that is used when names are given, where the default one takes all. */
  named?: string
}

/** Flags that take a value where names may be given too. */
const flagsWithValue = new Set(['--data', '--token-file'])

/** The script that a short name stands for, with the remaining arguments. */
function scriptOf({ op, instead = {}, named }: ShortName, argv: readonly string[]): { id: string; rest: string[] } {
  for (const [word, id] of Object.entries(instead)) {
    // A flag counts anywhere, a word only in the position of a command.
    const at = argv.indexOf(word)
    if (at === 0 || (at > 0 && word.startsWith('--'))) return { id, rest: argv.toSpliced(at, 1) }
  }
  const names = argv.some((word, at) => !word.startsWith('-') && !flagsWithValue.has(argv[at - 1] ?? ''))
  return { id: named !== undefined && names ? named : op, rest: [...argv] }
}

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
