import { execa } from 'execa'
import type { Transcript } from './transcript.ts'

/** What really runs for a name that a person types: Kafka's shell scripts are one Java class each. */
export type Programs = Readonly<Record<string, readonly [command: string, ...args: string[]]>>

/** The terminal of the plain route: each command is run on this machine, and it and all that it prints are written down. */
export interface Terminal {
  /** Runs a command to its end, through `pipe` if there is one; what it printed, both streams. A failure is output like any other. */
  run(command: readonly string[], options?: RunOptions): Promise<string>
  /** A command that was run by other means, in the background: what was typed, and what it said. */
  typed(command: string, output?: string): void
}

interface RunOptions {
  /** A filter that the agent puts behind it, such as `tail -n 1`. */
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
      // What a pipe does not pass on is the other stream: it is read all the same.
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

/** As it would be typed: quoted where a shell needs it. */
const shown = (command: readonly string[]): string =>
  command.map(part => (/^[\w./:=@%,{}+-]+$/.test(part) ? part : `'${part.replaceAll("'", "'\\''")}'`)).join(' ')
