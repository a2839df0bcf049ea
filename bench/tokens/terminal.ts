import { execa } from 'execa'
import type { Transcript } from './transcript.ts'

/** The command that runs for a typed name, because each of Kafka's shell scripts only starts one Java class. */
export type Programs = Readonly<Record<string, readonly [command: string, ...args: string[]]>>

/** The terminal of the plain route: each command runs on this machine, and the command and its output are recorded. */
export interface Terminal {
  /**
   * Runs a command to its end, through `pipe` if given, and returns what it printed on both streams. A failure is
   * returned like other output.
   */
  run(command: readonly string[], options?: RunOptions): Promise<string>
  /** Records a command that was run by other means, in the background, with its output. */
  typed(command: string, output?: string): void
}

interface RunOptions {
  /** A filter that the agent appends, such as `tail -n 1`. */
  pipe?: readonly string[]
  stdin?: string
  cwd?: string
}

const maxMs = 60_000

export function openTerminal(transcript: Transcript, programs: Programs): Terminal {
  const realOf = ([name = '', ...args]: readonly string[]): [string, string[]] => {
    const [command, ...first] = programs[name] ?? [name]
    return [command, [...first, ...args]]
  }
  return {
    async run(command, { pipe, stdin, cwd } = {}) {
      const typed = pipe === undefined ? shown(command) : `${shown(command)} | ${shown(pipe)}`
      transcript.call(stdin === undefined ? typed : `${typed} <<'EOF'\n${stdin}\nEOF`)
      const options = { reject: false, all: true, timeout: maxMs, ...(cwd === undefined ? {} : { cwd }) } as const
      const input = stdin === undefined ? { stdin: 'ignore' as const } : { input: `${stdin}\n` }
      const [file, args] = realOf(command)
      const first = await execa(file, args, { ...options, ...input })
      // A pipe passes on stdout only; stderr reaches the reader as well.
      const { all } =
        pipe === undefined
          ? first
          : await execa(pipe[0] ?? '', pipe.slice(1), { ...options, input: `${first.stdout}\n` })
      const output = pipe === undefined ? all : [first.stderr, all].filter(part => part !== '').join('\n')
      transcript.result(output)
      return output
    },
    typed(command, output = '') {
      transcript.call(command)
      transcript.result(output)
    },
  }
}

/** The command as typed, quoted where a shell needs it. */
const shown = (command: readonly string[]): string =>
  command.map(part => (/^[\w./:=@%,{}+-]+$/.test(part) ? part : `'${part.replaceAll("'", "'\\''")}'`)).join(' ')
