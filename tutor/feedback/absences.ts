import type { PythonError } from '../../platform/ports/sandbox.ts'
import type { Facts } from '../program/facts.ts'
import { type Note, note } from './note.ts'

/** Whether a program may start commands; only then is its syntax tree worth reading. */
export const mayRunCommands = (code: string): boolean =>
  /\bsubprocess\b|\bwebbrowser\b|\bos\b[^]*\b(?:system|popen)\b/.test(code)

/** The first command that a program starts: none is run here. */
export function commandIn({ calls }: Facts): Note[] {
  const found = calls.find(({ name }) =>
    /^(?:os\.(?:system|popen)|subprocess\.[a-zP]\w*|webbrowser\.open\w*)$/.test(name),
  )
  return found === undefined ? [] : [note('absent-command', found)]
}

/** What a program asked for while it loaded and is not here: a package, or input. */
export function absence({ message, line = 1 }: PythonError): Note {
  const [, name] = /^No module named '([^'.]+)/.exec(message) ?? []
  return name === undefined ? note('absent-input', { line }) : note('absent-package', { name, line })
}
