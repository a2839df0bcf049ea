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

/** Parses and runs; wrong usage is reported on stderr and ends with the exit code of wrong input. */
export async function runCommand(command: Command, argv: readonly string[]): Promise<void> {
  try {
    await command.parseAsync(argv, { from: 'user' })
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
