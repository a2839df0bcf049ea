import { Command, CommanderError } from 'commander'
import { codes } from '../platform/errors.ts'
import { printFailure } from './output.ts'

/** A command that throws its usage errors, so that they end with our exit code. */
export function newCommand(name: string): Command {
  return new Command(name)
    .exitOverride()
    .showHelpAfterError(false)
    .configureOutput({ writeErr: () => {} })
    .helpOption('-h, --help', 'show this')
}

/**
 * Arguments in which a text that begins with a dash but cannot be a flag (`-5 + 3 gives 2?`) stands behind `--`, where
 * no flag is looked for. A value of a flag stays with it.
 */
function withTextLast(command: Command, argv: readonly string[]): string[] {
  const [first = ''] = argv
  const part = command.commands.find(candidate => candidate.name() === first)
  if (part !== undefined) return [first, ...withTextLast(part, argv.slice(1))]
  const end = argv.indexOf('--')
  const flags = end < 0 ? argv : argv.slice(0, end)
  const takesValue = (word: string | undefined): boolean =>
    word !== undefined &&
    command.options.some(({ required, long, short }) => required && (long === word || short === word))
  const isText = (word: string, at: number): boolean =>
    /^-(?:\d|[^-\s]*\s|-[^=\s]*\s)/.test(word) && !takesValue(flags[at - 1])
  const texts = flags.filter(isText)
  if (texts.length === 0) return [...argv]
  return [...flags.filter((word, at) => !isText(word, at)), '--', ...texts, ...(end < 0 ? [] : argv.slice(end + 1))]
}

/** Parses and runs; wrong usage is reported on stderr and ends with the exit code of wrong input. */
export async function runCommand(command: Command, argv: readonly string[]): Promise<void> {
  try {
    await command.parseAsync(withTextLast(command, argv), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) printFailure(error, argv.includes('--json'))
    else if (error.exitCode !== 0) {
      const message =
        error.code === 'commander.help'
          ? 'a command is missing'
          : error.message.replace(/^error: /, '').replaceAll('\n', ' ')
      const part = command.commands.find(candidate => candidate.name() === argv[0])
      process.stderr.write(
        `INVALID_INPUT: ${message}\n${command.name()} ${part === undefined ? '' : `${part.name()} `}--help\n`,
      )
      process.exitCode = codes.INVALID_INPUT.exit
    }
  }
}

/** How long a command that is done may take to leave, in ms. */
const leaveMs = 500

/** A client of an engine that is gone may try for minutes to take its leave; nobody waits for that. */
export function endSoon(): void {
  const end = (): void => void (process.stdout.writableLength > 0 ? process.stdout.once('drain', end) : process.exit())
  setTimeout(end, leaveMs).unref()
}
